import type { DataFault } from '#twin/wire/api.ts';

export type FaultWords = {
  name: string;
  /** what it is, and what to look at */
  why: string;
};

const zh: Record<DataFault, [string, string]> = {
  unreadablePayload: [
    '报文无法解析',
    '载荷不符合 Sparkplug B 编码。检查网关固件版本,或是否有其他程序在同一主题发布。',
  ],
  unreadableTopic: ['主题无法识别', '主题不符合 spBv1.0 规则,报文被忽略。检查网关的组名与节点名配置。'],
  retainedMessage: [
    '保留报文',
    '消息服务保存的旧报文,不代表现在,未采用。Sparkplug 的上线与数据报文不应设保留标志,检查网关配置并清除该主题的保留报文。',
  ],
  unknownNode: ['未知节点', '收到数据但没有该节点的上线报文,平台已请求其重新上线。'],
  unknownAlias: ['未知别名', '数据使用了上线报文中没有的别名,平台已请求重新上线。'],
  aliasConflict: [
    '别名冲突',
    '一个别名对应多个测点:有名称的按名称采用,无法分辨的未采用。检查网关的别名配置,别名在整个节点内应唯一。',
  ],
  unknownMetric: ['未知测点', '上线报文中有测点目录以外的名称。可在接入时建立对应关系。'],
  unknownDatatype: ['未知数据类型', '数据类型不在 Sparkplug B 规范之内,该数值未采用。'],
  unreadableParts: [
    '结构数据无法拆解',
    '模板、数据集或数组的内容无法解析或过大,其数值未采用。检查网关配置。',
  ],
  outOfRange: ['超量程', '数值超出传感器量程,多为断线、短路或量程配置错误。'],
  frozen: ['数值不变', '应当波动的测点 30 分钟没有变化,检查传感器或取压管是否堵塞。'],
  spike: ['跳变', '单个数值偏离前后数值过大,未用于判断。检查接线与干扰。'],
  futureTime: [
    '时间超前',
    '测量时间比平台时间晚五分钟以上:按该站时钟的超前量改正并标记;补传数据若超前量未知则不采用。检查网关对时。',
  ],
  ancientTime: ['时间异常久远', '测量时间早于可接受范围(如 1970 年),多为网关掉电后未对时。'],
  duplicate: ['重复数据', '同一测点同一时刻的数据已收到过,多为补传重叠,已忽略。'],
  sequenceGap: ['序号不连续', '报文序号出现跳号,有报文丢失。平台已请求重新上线。'],
  rebirthRequested: ['请求重新上线', '平台要求网关重新发送上线报文以恢复一致。偶发正常,频繁则检查链路。'],
  birthRepeated: ['重复上线', '会话未断而再次上线,数据不受影响。频繁出现说明网关反复重启。'],
  deathMismatch: ['离线报文不匹配', '离线报文与当前会话序号不符,属上一会话,已忽略。'],
  flooding: ['上报过密', '网关上报速度远高于周期,超出部分被限流。检查死区设置。'],
  clockOffset: ['时钟偏差', '网关时钟与平台相差较大,测量时间不可靠。检查对时。'],
  groupConflict: ['编码重复', '另一个组里的节点用了同一泵房编码,其数据未采用。检查网关的组名与节点名配置。'],
  nodesFull: [
    '节点数超限',
    '节点或设备数量达到上限,新的节点未被登记或挤掉了不在线的节点。检查是否有人伪造编号。',
  ],
  reorderFull: ['乱序缓存超限', '等待缺失报文的数据过多,不再等待,已请求重新上线。检查网络与服务质量。'],
  strangersFull: ['待接入列表已满', '未登记节点过多,新的未列出。请接入或清理。'],
  subscriptionRefused: [
    '订阅被拒',
    '消息服务不允许订阅 JSON 映射中的主题,其数据收不到。检查账号的读取权限。',
  ],
  historyFull: ['历史库写不进', '数据库长时间不可用,内存已满,该数值没有保存。'],
};

const en: Record<DataFault, [string, string]> = {
  unreadablePayload: [
    'Unreadable payload',
    'Not Sparkplug B. Look at the firmware, or for another publisher on the topic.',
  ],
  unreadableTopic: [
    'Unreadable topic',
    "Not a spBv1.0 topic; ignored. Look at the gateway's group and node names.",
  ],
  retainedMessage: [
    'Retained message',
    "Kept by the broker from some other day: not taken. Births and data of Sparkplug are not retained; look at the gateway, and clear the topic's retained message.",
  ],
  unknownNode: ['Unknown node', 'Data without a birth before it; the node was asked to be born again.'],
  unknownAlias: ['Unknown alias', 'An alias that the birth did not announce; a rebirth was asked for.'],
  aliasConflict: [
    'Alias conflict',
    "One alias for several metrics: taken by name where there is one, not taken where nobody can tell. Look at the gateway's aliases: each is of one metric of the whole node.",
  ],
  unknownMetric: [
    'Unknown metric',
    'A name outside the point catalogue. It can be mapped when the station is adopted.',
  ],
  unknownDatatype: ['Unknown datatype', 'A datatype outside Sparkplug B; the value was not used.'],
  unreadableParts: [
    'Unreadable parts',
    'A template, dataset or array that cannot be taken apart, or is too large; its values were not used.',
  ],
  outOfRange: ['Out of range', "Outside the sensor's range: often a broken wire, a short, or a wrong scale."],
  frozen: ['Frozen', 'A lively value has not moved for 30 min. Look at the sensor and its impulse line.'],
  spike: ['Spike', 'One value far from its neighbours; not used. Look at wiring and interference.'],
  futureTime: [
    'Time in the future',
    "More than five minutes ahead: moved by what its clock is ahead, and marked; history of a clock that is not known is refused. Look at the gateway's clock.",
  ],
  ancientTime: [
    'Time long past',
    'Before anything acceptable, such as 1970: a gateway without time after power loss.',
  ],
  duplicate: ['Duplicate', 'Same point, same instant, had before: overlapping back-fill; ignored.'],
  sequenceGap: ['Sequence gap', 'Message numbers jumped: messages were lost. A rebirth was asked for.'],
  rebirthRequested: [
    'Rebirth requested',
    'The platform asked for a new birth. Rarely is normal; often means a poor link.',
  ],
  birthRepeated: [
    'Birth repeated',
    'Born again within a session; no data are lost. Often means a gateway restarting.',
  ],
  deathMismatch: ['Death of another session', 'A death whose number is not the current session’s; ignored.'],
  flooding: [
    'Flooding',
    'Far more messages than the interval allows; the rest was held back. Look at dead-bands.',
  ],
  clockOffset: [
    'Clock offset',
    "The gateway's clock is far from the platform's: its times cannot be trusted.",
  ],
  groupConflict: [
    'Code used twice',
    'A node of another group has the code of this station: its values are not taken. Look at its configuration.',
  ],
  nodesFull: [
    'Too many nodes',
    'All places for nodes or devices are taken: a new one found none, or took that of one that is not alive.',
  ],
  reorderFull: [
    'Too many wait',
    'More messages wait for a missing one than may: they were taken as they are, a rebirth was asked for.',
  ],
  strangersFull: ['Too many strangers', 'The list of unregistered nodes is full: new ones are not shown.'],
  subscriptionRefused: [
    'Subscription refused',
    'The broker does not let us read a topic of the JSON mapping: nothing comes from it. Look at our rights there.',
  ],
  historyFull: [
    'History refuses',
    'The database was away so long that the memory is full: the value is not kept.',
  ],
};

/** Pairs of name and explanation, by kind. */
export const words = <Kind extends string>(
  table: Record<Kind, [name: string, why: string]>,
): Record<Kind, FaultWords> =>
  Object.fromEntries(
    Object.entries<[string, string]>(table).map(([kind, [name, why]]) => [kind, { name, why }]),
  ) as Record<Kind, FaultWords>;

export const faultsZh = words(zh);
export const faultsEn = words(en);
