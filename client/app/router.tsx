import { lazy } from 'react';
import { createBrowserRouter } from 'react-router';
import { CrashNote, UnknownPage } from './CrashNote.tsx';
import { Frame } from './Frame.tsx';
import { MapPage } from './MapPage.tsx';

const RoomPage = lazy(() => import('../station/RoomPage.tsx'));
const LabPage = lazy(() => import('../lab/LabPage.tsx'));
const HealthPage = lazy(() => import('../health/HealthPage.tsx'));
const AlarmPage = lazy(() => import('../alarms/AlarmPage.tsx'));
const AdoptPage = lazy(() => import('../adopt/AdoptPage.tsx'));

/** The map stays mounted between `/` and `/stations/:code`: only what is selected changes. */
export const router = createBrowserRouter([
  {
    element: <Frame />,
    errorElement: <CrashNote />,
    children: [
      {
        element: <MapPage />,
        errorElement: <CrashNote />,
        children: [
          { index: true, element: null },
          { path: 'stations/:code', element: null },
        ],
      },
      { path: 'stations/:code/room', element: <RoomPage />, errorElement: <CrashNote /> },
      { path: 'lab/:code', element: <LabPage />, errorElement: <CrashNote /> },
      { path: 'health', element: <HealthPage />, errorElement: <CrashNote /> },
      { path: 'alarms', element: <AlarmPage />, errorElement: <CrashNote /> },
      { path: 'adopt', element: <AdoptPage />, errorElement: <CrashNote /> },
      { path: '*', element: <UnknownPage /> },
    ],
  },
]);
