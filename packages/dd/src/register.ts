/**
 * Makes the client of this process from the environment before the application is loaded, without a change to its code:
 * `node --import @llmdevops/dd/register app.js`. The application reaches it with `getClient`. Nothing throws: what is
 * wrong with the environment is said in one line on standard error, and the application runs without observability.
 *
 * @module
 */
import { registerClient } from "./registration/register-client.ts";

registerClient();
