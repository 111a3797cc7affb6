import { type ThemeConfig, theme } from 'antd';
import { FONT_FAMILY, THEMES, type ThemeName } from './tokens.ts';

/** antd in our own dress. `scale` enlarges everything for screens that are seen from afar. */
export function antdTheme(name: ThemeName, scale: number): ThemeConfig {
  const t = THEMES[name];
  const px = (size: number) => Math.round(size * scale);
  return {
    algorithm: name === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: t.accent,
      colorInfo: t.accent,
      colorError: t.priority1,
      colorWarning: t.priority2,
      colorBgBase: t.panel,
      colorBgContainer: t.raised,
      colorBgElevated: t.raised,
      colorBorder: t.lineStrong,
      colorBorderSecondary: t.line,
      colorText: t.text,
      colorTextSecondary: t.textSoft,
      colorTextTertiary: t.textFaint,
      colorTextPlaceholder: t.textFaint,
      colorTextLightSolid: t.accentInk,
      colorLink: t.accent,
      fontFamily: FONT_FAMILY,
      fontSize: px(13),
      controlHeight: px(30),
      controlHeightSM: px(24),
      sizeUnit: px(4),
      sizeStep: 4,
      borderRadius: px(7),
      borderRadiusSM: px(5),
      motionDurationMid: '0.14s',
      motionDurationSlow: '0.2s',
      wireframe: false,
    },
    components: {
      Table: {
        headerBg: t.panel,
        headerColor: t.textFaint,
        rowHoverBg: t.hover,
        borderColor: t.line,
        cellPaddingBlockSM: px(6),
        cellPaddingInlineSM: px(10),
      },
      Segmented: {
        trackBg: t.panel,
        itemSelectedBg: t.hover,
        itemColor: t.textSoft,
        itemSelectedColor: t.text,
      },
      Tooltip: { colorBgSpotlight: t.raised, colorTextLightSolid: t.text },
      Select: { optionSelectedBg: t.accentSoft },
    },
  };
}
