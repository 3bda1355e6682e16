import { context, metrics, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'

/** OpenTelemetry's own SDK, exporting into memory. */
export interface TelemetrySdk {
  spans(): readonly ReadableSpan[]
  /** Data points of a metric; none when nothing was recorded. */
  points(name: string): Promise<readonly DataPoint<Histogram | number>[]>
  /** Unit and explicit boundaries of a histogram. */
  histogram(name: string): Promise<{ unit: string; boundaries: readonly number[] } | null>
  stop(): Promise<void>
}

/** Registers the SDK for the process, as an app's `instrumentation.ts` does. */
export function startTelemetry(): TelemetrySdk {
  const spanExporter = new InMemorySpanExporter()
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(spanExporter)],
  })
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({
    exporter: metricExporter,
    exportIntervalMillis: 3_600_000,
  })
  const meterProvider = new MeterProvider({ readers: [reader] })
  trace.setGlobalTracerProvider(tracerProvider)
  metrics.setGlobalMeterProvider(meterProvider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())

  async function find(name: string) {
    await reader.forceFlush()
    return metricExporter
      .getMetrics()
      .at(-1)
      ?.scopeMetrics.flatMap((scope) => scope.metrics)
      .find(({ descriptor }) => descriptor.name === name)
  }

  return {
    spans: () => spanExporter.getFinishedSpans(),
    points: async (name) =>
      ((await find(name))?.dataPoints ?? []) as DataPoint<Histogram | number>[],
    async histogram(name) {
      const metric = await find(name)
      const [point] = (metric?.dataPoints ?? []) as DataPoint<Histogram>[]
      if (!metric || !point) return null
      return { unit: metric.descriptor.unit, boundaries: point.value.buckets.boundaries }
    },
    async stop() {
      trace.disable()
      metrics.disable()
      context.disable()
      await tracerProvider.shutdown()
      await meterProvider.shutdown()
    },
  }
}
