/** Loading always says what is loading; it appears only when the wait is long enough to be noticed. */
export function Waiting({ words }: { words: string }) {
  return (
    <p className="waiting" role="status">
      {words}
    </p>
  );
}
