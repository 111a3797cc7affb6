import type { Refusal } from '#twin/wire/api.ts';
import { words } from './faults.ts';

const zh: Record<Refusal, [string, string]> = {
  mqttPacketTooLarge: ['MQTT 报文过大', '内置消息服务:报文超过上限,连接已断开。检查是谁在发送。'],
  mqttConnectionsFull: ['MQTT 连接数已满', '内置消息服务:连接数达到上限,新的连接被拒。'],
  mqttRetainedFull: [
    '保留消息已满',
    '内置消息服务:保留消息的数量或字节达到上限,该消息未保留,只转发给在线者。',
  ],
  mqttQueueFull: ['离线队列已满', '内置消息服务:为离线客户端保存的消息达到上限,其后的消息未为其保存。'],
  messageTooLarge: ['消息过大', '外部消息服务转来的消息超过 4 MB,未处理。请在消息服务上设置大小限制。'],
  strangersFlooding: ['未登记节点过密', '未登记节点共用的流量已用完,该消息未处理。检查是否有人伪造编号。'],
  strangersFull: ['未登记节点已满', '未登记节点共用的名额已满,新的节点须等沉默者让位。'],
  liveClientsFull: ['实时客户端已满', '同时打开的页面达到上限,新的页面被请稍后再试。'],
  liveTooManyMessages: ['客户端请求过密', '某个页面短时间内发来过多请求,连接已断开。'],
  liveTooSlow: ['客户端读取过慢', '某个页面长时间不读取数据,连接已断开;正常页面会自动重连。'],
  foreignOrigin: ['来源不符', '其他网站的页面试图访问本平台,已拒绝。'],
  httpBodyTooLarge: ['请求体过大', '请求内容超过 1 MB,已拒绝。'],
  httpHeaderTooLarge: ['请求头过大', '请求头超过 16 kB,已拒绝。'],
  httpTooSlow: ['请求过慢', '请求迟迟没有发完,连接已断开。'],
  httpConnectionsFull: ['连接数已满', '连接数达到上限,最慢的连接已让位给新的。'],
  httpMalformed: ['请求无法识别', '收到的不是 HTTP 请求,连接已断开。'],
};

const en: Record<Refusal, [string, string]> = {
  mqttPacketTooLarge: [
    'MQTT packet too large',
    'At the embedded broker: the connection was ended. Look at who sends it.',
  ],
  mqttConnectionsFull: ['MQTT connections full', 'At the embedded broker: all places were taken.'],
  mqttRetainedFull: [
    'Retained messages full',
    'At the embedded broker: no room to retain more; the message went to whoever was there.',
  ],
  mqttQueueFull: [
    'Queues of absent clients full',
    'At the embedded broker: no room for more that waits for clients which are away.',
  ],
  messageTooLarge: [
    'Message too large',
    'More than 4 MB from a broker of your own; passed over. Limit the size at the broker.',
  ],
  strangersFlooding: [
    'Strangers flooding',
    'What unregistered nodes may send together was used up. Look for invented ids.',
  ],
  strangersFull: [
    'No place for strangers',
    'All places for unregistered nodes were taken; those that are silent make room.',
  ],
  liveClientsFull: [
    'Too many pages',
    'All places for live pages were taken: a new one was asked to come later.',
  ],
  liveTooManyMessages: [
    'Page talks too much',
    'A page asked for too much in a short time: it was disconnected.',
  ],
  liveTooSlow: [
    'Page reads too slowly',
    'A page did not read for long: it was disconnected. A sound page comes back.',
  ],
  foreignOrigin: ['Foreign origin', "A page of another site asked for this platform's data: refused."],
  httpBodyTooLarge: ['Body too large', 'A request had more than 1 MB: refused.'],
  httpHeaderTooLarge: ['Header too large', 'A request had more than 16 kB of headers: refused.'],
  httpTooSlow: ['Request too slow', 'A request did not come to its end in time: its connection was ended.'],
  httpConnectionsFull: [
    'Connections full',
    'All places were taken: the slowest connection made room for a new one.',
  ],
  httpMalformed: ['No HTTP', 'What came was no HTTP request: its connection was ended.'],
};

export const refusalsZh = words(zh);
export const refusalsEn = words(en);
