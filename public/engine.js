// The timetable engine beside the page, so that the page goes on answering while it thinks. The same wasm as the page's,
// begun once more in here; `study_ui::engine` asks. First comes { script, wasm }: the files of the page's own build. Then
// { id, ask } and back { id, answer }; an answer that is missing means that the engine could not be begun.
let engine;

async function begin({ script, wasm }) {
  const glue = await import(script);
  await glue.default({ module_or_path: wasm });
  return glue.engine;
}

self.onmessage = async ({ data }) => {
  if (data.script) {
    engine = begin(data);
    return;
  }
  try {
    const answer = await (await engine)(data.ask);
    self.postMessage({ id: data.id, answer });
  } catch (error) {
    console.warn('the timetable engine', error);
    self.postMessage({ id: data.id });
  }
};
