interface ChoiceProps<Value extends string> {
  readonly label: string
  /** `null` when none of them is it. */
  readonly value: Value | null
  /** Texts of the buttons. */
  readonly options: Readonly<Record<Value, string>>
  readonly isBusy: boolean
  choose(value: Value): Promise<void>
}

/** A row of buttons, one of which is pressed. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, value, options, isBusy, choose } = props
  return (
    <fieldset>
      <legend>{label}</legend>
      {(Object.keys(options) as Value[]).map((name) => (
        <button
          key={name}
          type="button"
          className="quiet"
          aria-pressed={name === value}
          disabled={isBusy}
          onClick={() => void choose(name)}
        >
          {options[name]}
        </button>
      ))}
    </fieldset>
  )
}
