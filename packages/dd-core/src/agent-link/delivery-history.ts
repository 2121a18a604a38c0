/** How a payload has fared so far. */
export interface DeliveryHistory {
  /** Attempts that failed. */
  readonly tries: number;
  /** Failed attempts although the receiver had taken something else since the one before. */
  readonly setbacks: number;
  /** When the last attempt failed, on the link's clock. */
  readonly triedAt: number;
}

/** The history of what has not been tried. */
export const untried: DeliveryHistory = { tries: 0, setbacks: 0, triedAt: 0 };

/** A payload that fails so often although others are taken is the fault itself. */
const mostSetbacks = 20;

/** The history after one more failure; `undefined` where the payload is to be given up. */
export function afterFailure(
  { tries, setbacks, triedAt }: DeliveryHistory,
  deliveredAt: number,
  now: number,
): DeliveryHistory | undefined {
  const isSetback = tries > 0 && deliveredAt > triedAt;
  const total = isSetback ? setbacks + 1 : setbacks;
  return total < mostSetbacks ? { tries: tries + 1, setbacks: total, triedAt: now } : undefined;
}
