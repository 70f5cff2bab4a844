/** The figures of one run as a picture: a panel for each part that was measured, an SVG that needs nothing else. */
import type { Figures } from './figures.ts';
import { againstGoals } from './goals.ts';
import { barPanel } from './plot/bars.ts';
import { linePanel } from './plot/lines.ts';
import { type Drawing, page } from './plot/page.ts';

export function plotOf(figures: Figures): string {
  const panels: Drawing[] = [
    ...throughputPanels(figures),
    ...latencyPanels(figures),
    ...catchUpPanels(figures),
    ...copiesPanels(figures),
    ...memoryPanels(figures),
    ...goalPanels(figures),
  ];
  const { machine, at } = figures;
  const date = at.slice(0, 10);
  return page('npm run bench', `${machine.cpu}, ${machine.cores} cores, ${date}`, panels);
}

function throughputPanels({ throughput }: Figures): Drawing[] {
  const shapes = Object.entries(throughput?.shapes ?? {});
  if (shapes.length === 0) return [];
  const bars = shapes.flatMap(([shape, { requestsPerSecond, floorPerSecond }]) => [
    {
      label: shape,
      series: 'Baton',
      value: requestsPerSecond.median,
      least: requestsPerSecond.least,
      most: requestsPerSecond.most,
    },
    {
      label: shape,
      series: 'floor',
      value: floorPerSecond.median,
      least: floorPerSecond.least,
      most: floorPerSecond.most,
    },
  ]);
  const cpu = shapes.flatMap(([shape, { cpuMsPerMail, floorCpuMsPerMail, serverCpuMsPerMail }]) => [
    {
      label: shape,
      series: 'Baton',
      value: cpuMsPerMail.median,
      least: cpuMsPerMail.least,
      most: cpuMsPerMail.most,
    },
    {
      label: shape,
      series: 'floor',
      value: floorCpuMsPerMail.median,
      least: floorCpuMsPerMail.least,
      most: floorCpuMsPerMail.most,
    },
    {
      label: shape,
      series: 'servers',
      value: Object.values(serverCpuMsPerMail).reduce((sum, one) => sum + one, 0),
    },
  ]);
  return [
    barPanel({ title: 'Throughput against the floor', unit: 'mails per second', bars }),
    barPanel({ title: 'Processor time per mail', unit: 'ms of CPU per mail', bars: cpu }),
    ...processPanel(shapes[0]),
  ];
}

function processPanel(
  first:
    | [
        string,
        {
          processCpuMsPerMail: Readonly<Record<string, number>>;
          serverCpuMsPerMail: Readonly<Record<string, number>>;
        },
      ]
    | undefined,
): Drawing[] {
  if (first === undefined) return [];
  const [shape, { processCpuMsPerMail, serverCpuMsPerMail }] = first;
  const of = (series: string, all: Readonly<Record<string, number>>) =>
    Object.entries(all).map(([label, value]) => ({ label, series, value }));
  const bars = [...of('Baton', processCpuMsPerMail), ...of('servers', serverCpuMsPerMail)].filter(
    ({ value }) => value >= 0.005,
  );
  return [barPanel({ title: `Where it goes (${shape} shape)`, unit: 'ms of CPU per mail', bars })];
}

function latencyPanels({ latency }: Figures): Drawing[] {
  const rates = Object.entries(latency ?? {}).sort(([a], [b]) => Number(a) - Number(b));
  if (rates.length === 0) return [];
  const shares = ['p50', 'p90', 'p99', 'max'] as const;
  const panel = (title: string, of: 'offerLatencyMs' | 'acknowledgementLatencyMs' | 'arrivalLatencyMs') =>
    barPanel({
      title,
      unit: 'milliseconds (log)',
      isLog: true,
      bars: rates.flatMap(([rate, one]) =>
        shares.map((share) => ({ label: `${rate}/s`, series: share, value: one[of][share] })),
      ),
    });
  const stages = rates.flatMap(([rate, one]) =>
    one.stages.map(({ to, ms }) => ({ label: to, series: `${rate}/s`, value: Math.max(0, ms) })),
  );
  return [
    panel('From EXISTS to the offer', 'offerLatencyMs'),
    panel('From EXISTS to the acknowledgement', 'acknowledgementLatencyMs'),
    panel('From delivery to the offer', 'arrivalLatencyMs'),
    barPanel({
      title: 'From stage to stage (medians)',
      unit: 'milliseconds (log)',
      isLog: true,
      bars: stages,
    }),
  ];
}

function catchUpPanels({ catchUp }: Figures): Drawing[] {
  if (catchUp === undefined) return [];
  const { workersDown, smtpDown } = catchUp;
  const bars = (
    [
      ['workers were down', workersDown],
      ['SMTP was down', smtpDown],
    ] as const
  ).flatMap(([label, one]) => [
    { label, series: 'first notice', value: one.secondsToFirst },
    { label, series: 'all mails', value: one.secondsToAll },
    { label, series: 'new mail (p50)', value: one.newMailMs.p50 / 1_000 },
  ]);
  return [
    barPanel({ title: `After an outage, ${workersDown.waiting} mails waiting`, unit: 'seconds', bars }),
  ];
}

function copiesPanels({ workers }: Figures): Drawing[] {
  if (workers === undefined) return [];
  const bars = Object.entries(workers.byCopies).map(([count, { perSecond }]) => ({
    label: `${count} of each`,
    series: 'Baton',
    value: perSecond,
  }));
  return [barPanel({ title: `More workers on ${workers.cores} cores`, unit: 'mails per second', bars })];
}

function memoryPanels({ memory }: Figures): Drawing[] {
  if (memory === undefined) return [];
  const names = Object.keys(memory.processes);
  const lines = names.map((name) => ({
    series: name,
    points: memory.samples.flatMap(({ mails, rssMb }) => {
      const y = rssMb[name];
      return y === undefined ? [] : [{ x: mails, y }];
    }),
  }));
  return [linePanel({ title: 'Resident memory', xUnit: 'mails through the whole path', yUnit: 'MB', lines })];
}

/** How near each figure came: 1 is the goal, whichever way it lies. */
function goalPanels(figures: Figures): Drawing[] {
  const rows = againstGoals(figures).filter(({ figure }) => !figure.startsWith('MB '));
  if (rows.length === 0) return [];
  const bars = rows.map(({ figure, value, goal }) => ({
    label: figure,
    series: 'share of the goal',
    value: figure.startsWith('requests') ? value / goal : goal / value,
  }));
  return [barPanel({ title: 'Against the goals (1 is reached)', unit: 'share of the goal', bars, line: 1 })];
}
