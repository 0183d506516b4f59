/** In the worker: `answer` is called for each question. What it throws fails the question. */
export function answerQuestions<Question, Answer>(
  answer: (question: Question) => Promise<Answer>,
  end: () => Promise<void> = async () => {},
): void {
  process.on('message', (question: Question) => {
    answer(question).then(
      (value) => process.send?.({ value }),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
  })
  process.once('disconnect', () => void end().finally(() => process.exit()))
}
