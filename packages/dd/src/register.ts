import { registerClient } from "./registration/register-client.ts";

registerClient();
