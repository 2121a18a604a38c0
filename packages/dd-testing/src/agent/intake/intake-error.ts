/** Says why an intake refuses a payload, and with which status. */
export class IntakeError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
