/** `authmux/opentelemetry`: verdicts as spans and metrics of the OpenTelemetry API the app has set up. */

import {
  type Attributes,
  type Counter,
  type Histogram,
  type MeterProvider,
  metrics,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import type { AuthTelemetry, RefusalEvent, VerdictFacts } from '../events.js'

export type { AuthTelemetry, RefusalEvent, VerdictFacts }

const SCOPE = 'authmux'

/** From 10 µs, a session seen before, to 10 s, a vendor that hardly answers. */
const BOUNDARIES_SECONDS = [
  0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5,
  10,
]

interface Instruments {
  readonly provider: MeterProvider
  readonly durations: Histogram
  readonly refusals: Counter
}

/**
 * Telemetry for the `telemetry` option: a span `authmux.authenticate` per verdict, a histogram
 * `authmux.authenticate.duration` in seconds and a counter `authmux.refusals`. Attributes are
 * `authmux.outcome`, `authmux.provider` and `authmux.cache_hit`; a counted refusal has
 * `authmux.code`, `authmux.provider` and `authmux.credential`.
 */
export function openTelemetry(): AuthTelemetry {
  const tracer = trace.getTracer(SCOPE)
  let instruments: Instruments | undefined

  /** Instruments of the provider in force: those made before one is registered stay silent for ever. */
  function readInstruments(): Instruments {
    const provider = metrics.getMeterProvider()
    if (instruments?.provider !== provider) instruments = createInstruments(provider)
    return instruments
  }

  return {
    authenticate: (reach) =>
      tracer.startActiveSpan('authmux.authenticate', async (span) => {
        const startedAt = performance.now()
        let attributes: Attributes = { 'authmux.outcome': 'error' }
        try {
          return await reach((facts) => {
            attributes = toAttributes(facts)
            // Not the error itself: what a vendor put into its cause is not ours to publish.
            if (facts.isFailure) {
              span.setStatus({ code: SpanStatusCode.ERROR, message: facts.outcome })
            }
          })
        } finally {
          span.setAttributes(attributes)
          span.end()
          const seconds = (performance.now() - startedAt) / 1000
          readInstruments().durations.record(seconds, attributes)
        }
      }),
    refused({ code, provider, credential }) {
      readInstruments().refusals.add(1, {
        'authmux.code': code,
        'authmux.credential': credential,
        ...(provider !== null && { 'authmux.provider': provider }),
      })
    },
  }
}

function createInstruments(provider: MeterProvider): Instruments {
  const meter = provider.getMeter(SCOPE)
  return {
    provider,
    durations: meter.createHistogram('authmux.authenticate.duration', {
      description: 'Time until a verdict on a request',
      unit: 's',
      advice: { explicitBucketBoundaries: BOUNDARIES_SECONDS },
    }),
    refusals: meter.createCounter('authmux.refusals', {
      description: 'Credentials that did not count, or not for what was asked',
      unit: '{refusal}',
    }),
  }
}

function toAttributes({ outcome, provider, isCacheHit }: VerdictFacts): Attributes {
  return {
    'authmux.outcome': outcome,
    ...(provider !== null && { 'authmux.provider': provider }),
    ...(isCacheHit !== null && { 'authmux.cache_hit': isCacheHit }),
  }
}
