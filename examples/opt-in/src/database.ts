import { Pool } from "pg";

/** One message of a chat, as the model gets it. */
export interface ChatMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** Where chats are kept. */
export interface Database {
  /** The messages of a chat, the oldest first. */
  messages(chat: string): Promise<readonly ChatMessage[]>;
  add(chat: string, message: ChatMessage): Promise<void>;
  close(): Promise<void>;
}

/** Connects to PostgreSQL and makes the table where it is missing. */
export async function openDatabase(connectionString: string | undefined): Promise<Database> {
  const pool = new Pool({ connectionString, max: Number(process.env["DATABASE_POOL_SIZE"] ?? 10) });
  await pool.query(
    `create table if not exists messages (
       id bigint generated always as identity primary key,
       chat text not null,
       role text not null,
       content text not null
     )`,
  );
  return {
    messages: async (chat) => {
      const { rows } = await pool.query<ChatMessage>(
        "select role, content from messages where chat = $1 order by id desc limit 20",
        [chat],
      );
      return rows.reverse();
    },
    add: async (chat, { role, content }) => {
      await pool.query("insert into messages (chat, role, content) values ($1, $2, $3)", [
        chat,
        role,
        content,
      ]);
    },
    close: () => pool.end(),
  };
}
