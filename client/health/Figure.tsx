interface Props {
  label: string;
  value: string;
  unit?: string;
}

/** A number with its name and unit. */
export function Figure({ label, value, unit }: Props) {
  return (
    <div className="figure">
      <span>{label}</span>
      <b>
        {value} {unit && <i>{unit}</i>}
      </b>
    </div>
  );
}
