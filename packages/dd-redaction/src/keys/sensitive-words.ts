/** Words that make a key sensitive wherever they stand as a whole segment. */
export const sensitiveWords: readonly string[] = [
  ..."password passwords passwd passwort passphrase passcode pwd kennwort wachtwoord senha".split(
    " ",
  ),
  ..."contraseña contrasena motdepasse parola hasło haslo пароль 密码 密碼 パスワード 비밀번호".split(
    " ",
  ),
  ..."secret secrets credential credentials creds authorization cookie cookies".split(" "),
  ..."apikey apikeys authtoken accesstoken refreshtoken idtoken sessiontoken bearertoken".split(
    " ",
  ),
  ..."clientsecret privatekey secretkey accesskey encryptionkey signingkey accountkey".split(" "),
  ..."pgpassword dbpassword dbpass rootpassword adminpassword userpassword userpass sshpass".split(
    " ",
  ),
  ..."apitoken apisecret appsecret consumersecret sharedsecret webhooksecret oauthtoken".split(" "),
  ..."authkey masterkey sharedkey storagekey sharedaccesskey secretaccesskey".split(" "),
  ..."jwt ssn cvv cvc totp otp csrf xsrf csrftoken xsrftoken".split(" "),
];

/** Sequences of segments that are sensitive together, whatever stands around them. */
export const sensitiveSequences: readonly string[] = [
  ..."api.key,api.keys,access.key,access.keys,secret.key,private.key,private.keys".split(","),
  ..."encryption.key,signing.key,ssh.key,master.key,account.key,storage.key".split(","),
  ..."subscription.key,session.key,auth.key,app.key,application.key,service.key".split(","),
  ..."webhook.key,license.key,functions.key,hmac.key,shared.key,deploy.key,api.token,api.tokens".split(
    ",",
  ),
  ..."access.token,access.tokens,refresh.token,refresh.tokens,auth.token,auth.tokens".split(","),
  ..."id.token,session.token,bearer.token,security.token,client.secret,csrf.token".split(","),
  ..."pass.word,pass.phrase,mot.de.passe,secret.id,set.cookie,connection.string".split(","),
  ..."social.security,card.number,credit.card,cc.number,card.pin,user.pin,pin.code.secret".split(
    ",",
  ),
  ..."basic.auth,http.auth,proxy.auth,x.auth,bearer.auth,amz.signature,one.time.code".split(","),
];

/** Words that are sensitive only as the last segment: `auth.token`, but not `token.type`. */
export const sensitiveLastWords: readonly string[] = ["token", "auth", "bearer"];

/** Before a final `token` these speak of text, paging or parsing, not of a credential. */
export const harmlessTokenQualifiers: readonly string[] = [
  ..."next page continuation previous start end stop eos bos pad unk sep mask cls sync first".split(
    " ",
  ),
  ..."last per input output prompt completion special current reasoning cached each max min".split(
    " ",
  ),
];

/** As the last segment these describe a sensitive thing and do not hold it. */
export const descriptiveWords: readonly string[] = [
  ..."count counts length size type types name names expiry expires expiration ttl limit".split(
    " ",
  ),
  ..."usage used total policy required enabled disabled valid invalid strength reset".split(" "),
  ..."created updated rotated changed at age status provider source method version consent".split(
    " ",
  ),
  ..."present missing exists failed failures attempts retries id ids prefix tokens model".split(
    " ",
  ),
];
