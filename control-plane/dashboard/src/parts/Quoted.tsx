// A sentence of the control plane: what stands between backticks is a name or a value.
export function Quoted({ text }: { text: string }) {
  return (
    <span>
      {text.split("`").map((piece, i) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have nothing but their place
        i % 2 === 1 ? <code key={i}>{piece}</code> : piece,
      )}
    </span>
  );
}
