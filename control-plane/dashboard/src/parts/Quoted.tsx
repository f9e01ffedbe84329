// A text of the control plane: what it sets apart in backticks is set apart here.
export function Quoted({ text }: { text: string }) {
  return text.split("`").map((piece, i) => {
    const key = `${i}`;
    return i % 2 === 1 ? <code key={key}>{piece}</code> : <span key={key}>{piece}</span>;
  });
}
