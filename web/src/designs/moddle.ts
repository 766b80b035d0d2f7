// Our own attributes in BPMN files, for the modeler: https://tongban.cn/bpmn, as the engine reads them.
const attribute = (name: string) => ({ name, isAttr: true, type: 'String' });

export const tongban = {
  name: 'Tongban',
  uri: 'https://tongban.cn/bpmn',
  prefix: 'tongban',
  xml: { tagAlias: 'lowerCase' },
  types: [
    {
      name: 'Work',
      extends: ['bpmn:Activity', 'bpmn:Lane'],
      properties: [
        'permission', 'assignee', 'step', 'layer', 'form', 'limit', 'yellow', 'red', 'notice', 'topic', 'decision', 'outcomes', 'departments', 'part', 'message',
        'special', 'days', 'reason', 'method',
      ].map(attribute),
    },
    {
      name: 'Each',
      extends: ['bpmn:MultiInstanceLoopCharacteristics'],
      properties: ['collection', 'item', 'outputCollection', 'outputItem'].map(attribute),
    },
    { name: 'Days', extends: ['bpmn:TimerEventDefinition'], properties: [attribute('workdays')] },
  ],
};
