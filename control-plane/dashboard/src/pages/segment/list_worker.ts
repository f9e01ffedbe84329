// Reads a file of values apart from the page, which stays usable.
import type { ListAnswer, ListQuestion } from "./list_protocol";
import { readFile } from "./list_reading";

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<ListQuestion>) => void) | null;
  postMessage(answer: ListAnswer | { failure: string }): void;
};

scope.onmessage = ({ data }) => {
  data.file
    .arrayBuffer()
    .then((buffer) => scope.postMessage(readFile(new Uint8Array(buffer), data)))
    .catch((error: unknown) => scope.postMessage({ failure: String(error) }));
};
