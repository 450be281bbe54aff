// Glasses' own engine, as crate/bench offers it to a script.

export async function open({ engine, shape }) {
  const { default: start } = await import(`/ours/${engine}/bench_page.js`);
  await start();
  if (shape.file) {
    return globalThis.openLanguageModel(new Uint8Array(await (await fetch(`/model/${shape.file}`)).arrayBuffer()));
  }
  const glasses = await globalThis.openGlasses(shape.link);
  return { forward: glasses.forward, jacobian: glasses.jacobian, sweep: () => glasses.sweep() };
}
