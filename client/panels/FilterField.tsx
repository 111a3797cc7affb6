import { Input } from 'antd';
import { Glyph } from './Glyph.tsx';

interface Props {
  /** what may be typed; read out as well */
  label: string;
  value: string;
  onChange: (text: string) => void;
  size?: 'small';
  className?: string;
}

/** Narrows a list down to what holds a text. */
export function FilterField({ label, value, onChange, ...look }: Props) {
  return (
    <Input
      {...look}
      prefix={<Glyph name="search" />}
      placeholder={label}
      aria-label={label}
      allowClear
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
