// How often a page calls what WebGPU charges for, whichever library calls it.

const WATCHED = [
  ['GPUComputePassEncoder', 'dispatchWorkgroups', 'dispatches'],
  ['GPUComputePassEncoder', 'dispatchWorkgroupsIndirect', 'dispatches'],
  ['GPUQueue', 'submit', 'submits'],
  ['GPUBuffer', 'mapAsync', 'maps'],
  ['GPUDevice', 'createBuffer', 'buffers'],
];

/** Wraps the calls, and returns the object in which they are counted from then on. */
export function countCalls() {
  const counted = Object.fromEntries(WATCHED.map(([, , what]) => [what, 0]));
  for (const [type, method, what] of WATCHED) {
    const prototype = globalThis[type]?.prototype;
    if (prototype === undefined) continue;
    const original = prototype[method];
    prototype[method] = function (...given) {
      counted[what] += 1;
      return original.apply(this, given);
    };
  }
  return counted;
}
