// A process that was written rather than drawn has no positions: they are worked out before it is shown.
import { layoutProcess } from 'bpmn-auto-layout';

/** The file with a diagram in it. */
export async function withDiagram(xml: string): Promise<string> {
  return /BPMNShape/.test(xml) ? xml : layoutProcess(xml);
}
