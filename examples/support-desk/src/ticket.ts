/** What a customer wrote. */
export interface Ticket {
  readonly id: string;
  readonly customer: string;
  readonly text: string;
}

/** The tickets of the demonstration: one that needs a refund, one that needs an explanation. */
export const tickets: readonly Ticket[] = [
  {
    id: "T-1001",
    customer: "dana@example.com",
    text: "I was charged twice for order 4711. Please refund the second charge.",
  },
  {
    id: "T-1002",
    customer: "kim@example.com",
    text: "How do I change the language of the dashboard?",
  },
];
