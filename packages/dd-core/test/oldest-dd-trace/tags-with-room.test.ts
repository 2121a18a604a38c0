import "../support/use-oldest-dd-trace.ts";
import "../tags-with-room.test.ts";
