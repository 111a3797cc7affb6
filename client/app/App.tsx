import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useLayoutEffect, useMemo } from 'react';
import { RouterProvider } from 'react-router';
import { useScale } from '../state/scale.ts';
import { useView } from '../state/view.ts';
import { antdTheme } from '../theme/antd.ts';
import { applyTheme } from '../theme/apply.ts';
import { router } from './router.tsx';

/** Theme, language and routes. */
export function App() {
  const theme = useView((view) => view.theme);
  const language = useView((view) => view.language);
  const scale = useScale();
  useLayoutEffect(() => applyTheme(document.documentElement, theme, scale), [theme, scale]);
  const config = useMemo(() => antdTheme(theme, scale), [theme, scale]);
  return (
    <ConfigProvider theme={config} locale={language === 'zh' ? zhCN : enUS}>
      <RouterProvider router={router} />
    </ConfigProvider>
  );
}
