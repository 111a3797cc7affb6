import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { RequestError } from './api/http.ts';
import { cityQuery, clientConfigQuery, followServer, landQuery, stationsQuery } from './api/queries.ts';
import { App } from './app/App.tsx';
import { startI18n } from './i18n/i18n.ts';
import { LiveContext } from './live/hooks.ts';
import { browserPorts, startLive } from './live/live.ts';
import './theme/base.css';
import './theme/frame.css';
import './theme/panels.css';
import './theme/page.css';

startI18n();
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      // what the server refuses it will refuse again; what it could not be asked is asked again
      retry: (count, error) => error instanceof RequestError && error.status === 0 && count < 2,
    },
  },
});
const live = startLive(browserPorts(window.location), (revision) => followServer(queries, revision));

// everything the first picture needs is asked for at once, before the first component is drawn
for (const query of [cityQuery, stationsQuery, landQuery, clientConfigQuery])
  queries.prefetchQuery(query as typeof cityQuery);
if (/^\/(stations\/[^/]+)?$/.test(window.location.pathname)) import('./map/MapView.tsx');

createRoot(document.getElementById('root')!).render(
  <QueryClientProvider client={queries}>
    <LiveContext.Provider value={live}>
      <App />
    </LiveContext.Provider>
  </QueryClientProvider>,
);
