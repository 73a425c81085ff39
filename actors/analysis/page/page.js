'use strict';
// The page of a configuration's analysis. Everything that is shown comes from `data` (see report_page.cpp for its shape) and is put
// with textContent: names and comments come from configurations.
const data = JSON.parse(document.getElementById('data').textContent);
const K = { kind: 0, name: 1, synonym: 2, comment: 3, subsystems: 4, methods: 5, lines: 6, findings: 7, parts: 8 };
const M = { module: 0, name: 1, flags: 2, line: 3, parameters: 4, cyclomatic: 5, cognitive: 6, lines: 7, doc: 8 };
const EXPORTED = 1, FUNCTION = 2, ASYNC = 4;
const rowsMax = 300, hitsMax = 30;

let language = 'ru';
try { language = localStorage.getItem('artel-language') || data.language; } catch { language = data.language; }
const words = {
  overview: ['Обзор', 'Overview'], objects: ['Объекты', 'Objects'], methods: ['Методы', 'Methods'], subsystems: ['Подсистемы', 'Subsystems'],
  practices: ['Замечания', 'Findings'], copies: ['Копии кода', 'Copied code'], find: ['Объект или метод…', 'Object or method…'],
  modules: ['Модули', 'Modules'], lines: ['Строк', 'Lines'], code: ['Строк кода', 'Lines of code'], exports: ['Экспортных', 'Exported'],
  edges: ['Связей объектов', 'Object edges'], calls: ['Связей методов', 'Method edges'], errors: ['Синтаксических ошибок', 'Syntax errors'],
  problems: ['Не прочитано файлов', 'Files not read'], duplicated: ['Скопировано строк', 'Copied lines'], comments: ['Строк комментариев', 'Comment lines'],
  kind: ['Вид', 'Kind'], name: ['Имя', 'Name'], synonym: ['Синоним', 'Synonym'], subsystem: ['Подсистема', 'Subsystem'], uses: ['Использует', 'Uses'],
  used: ['Используется', 'Used by'], found: ['Замечаний', 'Findings'], all: ['Все виды', 'All kinds'], filter: ['Отбор', 'Filter'],
  module: ['Модуль', 'Module'], line: ['Строка', 'Line'], cyclomatic: ['Цикломатическая', 'Cyclomatic'], cognitive: ['Когнитивная', 'Cognitive'],
  length: ['Строк', 'Lines'], parameters: ['Параметры', 'Parameters'], attributes: ['Реквизиты', 'Attributes'], dimensions: ['Измерения', 'Dimensions'],
  resources: ['Ресурсы', 'Resources'], sections: ['Табличная часть', 'Tabular section'], values: ['Значения', 'Values'], forms: ['Формы', 'Forms'],
  commands: ['Команды', 'Commands'], templates: ['Макеты', 'Templates'], type: ['Тип', 'Type'], rule: ['Правило', 'Rule'], severity: ['Важность', 'Severity'],
  standard: ['Стандарт', 'Standard'], count: ['Количество', 'Count'], tokens: ['Лексем', 'Lexemes'], places: ['Места', 'Places'],
  byKind: ['Объекты по видам', 'Objects by kind'], byModule: ['Модули по типам', 'Modules by type'], complexity: ['Когнитивная сложность методов', 'Cognitive complexity of methods'],
  bySeverity: ['Замечания по важности', 'Findings by severity'], worst: ['Самые сложные методы', 'Most complex methods'], largest: ['Крупнейшие объекты', 'Largest objects'],
  fanIn: ['Входящих', 'Fan-in'], fanOut: ['Исходящих', 'Fan-out'], instability: ['Нестабильность', 'Instability'], graph: ['Граф зависимостей подсистем', 'Graph of subsystems'],
  shown: ['показано', 'shown'], of: ['из', 'of'], exportedOnly: ['только экспортные', 'exported only'], nothing: ['Ничего не найдено', 'Nothing found'],
  top: ['Чаще всего', 'Most frequent'], needs: ['Зависит от', 'Needs'], content: ['Состав', 'Content'], none: ['нет', 'none'],
  hint: ['Наведите на подсистему, чтобы увидеть её связи; щелчок открывает её.', 'Point at a subsystem to see its edges; a click opens it.'],
  left: ['Методы показаны не все: в странице только экспортные и самые сложные.', 'Not all methods are here: only exported and the most complex ones.'],
};
const t = key => words[key][language === 'ru' ? 0 : 1];
const number = value => value.toLocaleString(language === 'ru' ? 'ru-RU' : 'en-GB');

function el(tag, attributes = {}, ...children) {
  const made = document.createElementNS(['svg', 'g', 'line', 'circle', 'text', 'title'].includes(tag) && attributes.svg !== false ? 'http://www.w3.org/2000/svg' : 'http://www.w3.org/1999/xhtml', tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'svg') continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.flat().filter(each => each !== undefined && each !== null));
  return made;
}
const h = (tag, attributes, ...children) => el(tag, { svg: false, ...attributes }, ...children);

// Names of kinds and objects ------------------------------------------------------------------------------------------------------
const kindName = kind => language === 'ru' ? data.kinds[kind][1] : data.kinds[kind][0];
const kindPlural = kind => language === 'ru' ? data.kinds[kind][3] : data.kinds[kind][2];
const objectName = i => kindName(data.objects[i][K.kind]) + '.' + (language === 'ru' ? data.objects[i][K.name].replaceAll('.Subsystem.', '.Подсистема.') : data.objects[i][K.name]);
const objectId = i => data.kinds[data.objects[i][K.kind]][0] + '.' + data.objects[i][K.name];
const objectLink = i => h('a', { href: '#/o/' + encodeURIComponent(objectId(i)) }, objectName(i));
const ids = new Map(data.objects.map((_, i) => [objectId(i), i]));
const uses = data.objects.map(() => []), usedBy = data.objects.map(() => []);
for (let i = 0; i < data.edges.length; i += 4) {
  const [from, to, via, weight] = data.edges.slice(i, i + 4);
  uses[from].push([to, via, weight]);
  usedBy[to].push([from, via, weight]);
}
const methodsOf = new Map();
data.methods.forEach((method, i) => {
  const object = data.modules[method[M.module]][0];
  if (!methodsOf.has(object)) methodsOf.set(object, []);
  methodsOf.get(object).push(i);
});
const distinct = list => new Set(list.map(each => each[0])).size;

// Tables that sort by a click and show the first rows ------------------------------------------------------------------------------
function table(columns, rows, sorted = 0, descending = false) {
  const body = h('tbody', {}), note = h('p', { class: 'soft' });
  const head = columns.map((column, i) => h('th', {
    class: column.n ? 'n' : undefined, scope: 'col', tabindex: 0, onclick: () => sort(i), onkeydown: e => e.key === 'Enter' && sort(i)
  }, column.title));
  let by = sorted, down = descending;
  function sort(i) { down = i === by ? !down : !!columns[i].n; by = i; draw(); }
  function draw() {
    const key = columns[by].key, sign = down ? -1 : 1;
    const compare = columns[by].n ? (a, b) => key(a) - key(b) : (a, b) => String(key(a)).localeCompare(String(key(b)), language);
    const list = rows.slice().sort((a, b) => sign * compare(a, b)).slice(0, rowsMax);
    head.forEach((each, i) => i === by ? each.setAttribute('aria-sort', down ? 'descending' : 'ascending') : each.removeAttribute('aria-sort'));
    body.replaceChildren(...list.map(row => h('tr', {}, columns.map(column => h('td', { class: column.n ? 'n' : undefined },
      column.cell ? column.cell(row) : column.n ? number(column.key(row)) : String(column.key(row)))))));
    note.textContent = rows.length === 0 ? t('nothing') : rows.length > rowsMax ? `${t('shown')} ${number(rowsMax)} ${t('of')} ${number(rows.length)}` : '';
  }
  draw();
  return h('div', {}, h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, h('tr', {}, head)), body)), note);
}

function bars(title, entries, link) {
  const most = Math.max(1, ...entries.map(each => each[1]));
  return h('div', { class: 'panel' }, h('h3', {}, title), entries.map(([name, value, target]) => h('div', { class: 'bar' },
    h('span', { title: name }, link && target !== undefined ? h('a', { href: link(target) }, name) : name),
    h('span', {}, h('i', { style: `width:${100 * value / most}%` })), h('span', {}, number(value)))));
}

// Views -----------------------------------------------------------------------------------------------------------------------------
const severityOrder = ['blocker', 'critical', 'major', 'minor', 'info'];
const objectColumns = () => [
  { title: t('kind'), key: i => kindName(data.objects[i][K.kind]) },
  { title: t('name'), key: i => data.objects[i][K.name], cell: i => h('a', { href: objectLink(i).getAttribute('href') }, data.objects[i][K.name]) },
  { title: t('synonym'), key: i => data.objects[i][K.synonym] },
  { title: t('methods'), n: true, key: i => data.objects[i][K.methods] },
  { title: t('code'), n: true, key: i => data.objects[i][K.lines] },
  { title: t('uses'), n: true, key: i => distinct(uses[i]) },
  { title: t('used'), n: true, key: i => distinct(usedBy[i]) },
  { title: t('found'), n: true, key: i => data.objects[i][K.findings] },
];
const methodColumns = () => [
  { title: t('name'), key: i => data.methods[i][M.name], cell: i => h('code', {}, data.methods[i][M.name]) },
  { title: t('module'), key: i => moduleName(data.methods[i][M.module]), cell: i => moduleLink(data.methods[i][M.module]) },
  { title: t('line'), n: true, key: i => data.methods[i][M.line], cell: i => String(data.methods[i][M.line]) },
  { title: t('length'), n: true, key: i => data.methods[i][M.lines] },
  { title: t('cyclomatic'), n: true, key: i => data.methods[i][M.cyclomatic] },
  { title: t('cognitive'), n: true, key: i => data.methods[i][M.cognitive] },
  { title: t('parameters'), key: i => data.methods[i][M.parameters] },
];
const moduleName = i => data.modules[i][language === 'ru' ? 1 : 2];
const moduleLink = i => data.modules[i][0] < 0 ? moduleName(i) : h('a', { href: objectLink(data.modules[i][0]).getAttribute('href') }, moduleName(i));

const views = {
  overview() {
    const n = data.numbers;
    const cards = [['objects', n.objects], ['modules', n.modules], ['methods', n.methods], ['exports', n.exports], ['lines', n.lines], ['code', n.code],
      ['comments', n.comments], ['edges', n.edges], ['calls', n.calls], ['found', n.findings], ['duplicated', n.copied], ['errors', n.syntax_errors],
      ['problems', n.problems]];
    const byKind = data.kinds.map((_, i) => [kindPlural(i), data.objects.filter(each => each[K.kind] === i).length, i]).filter(each => each[1] > 0);
    const largest = data.objects.map((_, i) => i).sort((a, b) => data.objects[b][K.lines] - data.objects[a][K.lines]).slice(0, 12);
    const worst = data.methods.map((_, i) => i).sort((a, b) => data.methods[b][M.cognitive] - data.methods[a][M.cognitive]).slice(0, 15);
    return [h('h2', {}, data.synonym || data.name), h('p', { class: 'soft' }, [data.version, data.vendor, data.layout === 'edt' ? '1C:EDT' : language === 'ru' ? 'Конфигуратор' : 'Designer'].filter(Boolean).join(' · ')),
      h('div', { class: 'cards' }, cards.map(([key, value]) => h('div', { class: 'card' }, h('b', {}, number(value)), t(key)))),
      h('div', { class: 'columns', style: 'margin-top:1rem' },
        bars(t('byKind'), byKind.sort((a, b) => b[1] - a[1]), kind => '#/objects/' + kind),
        bars(t('byModule'), data.module_types.map(each => [each[language === 'ru' ? 2 : 0], each[1]]).sort((a, b) => b[1] - a[1])),
        bars(t('complexity'), data.cognitive),
        bars(t('bySeverity'), severityOrder.map(each => [each, data.rules.filter(rule => rule[3] === each).reduce((sum, rule) => sum + rule[4], 0)])),
        bars(t('largest'), largest.map(i => [objectName(i), data.objects[i][K.lines], i]), i => objectLink(i).getAttribute('href'))),
      h('h2', {}, t('worst')), table(methodColumns(), worst, 5, true)];
  },
  objects(kind) {
    const input = h('input', { type: 'search', placeholder: t('filter'), 'aria-label': t('filter'), oninput: draw });
    const choice = h('select', { 'aria-label': t('kind'), onchange: draw }, h('option', { value: '' }, t('all')),
      data.kinds.map((_, i) => i).filter(i => data.objects.some(each => each[K.kind] === i)).map(i => h('option', { value: i, selected: String(i) === kind }, kindPlural(i))));
    const place = h('div', {});
    function draw() {
      const wanted = input.value.toLowerCase();
      place.replaceChildren(table(objectColumns(), data.objects.map((_, i) => i).filter(i => (choice.value === '' || data.objects[i][K.kind] === +choice.value) &&
        (!wanted || (data.objects[i][K.name] + ' ' + data.objects[i][K.synonym]).toLowerCase().includes(wanted))), 4, true));
    }
    draw();
    return [h('h2', {}, t('objects')), h('div', { class: 'tools' }, choice, input), place];
  },
  methods() {
    const input = h('input', { type: 'search', placeholder: t('filter'), 'aria-label': t('filter'), oninput: draw });
    const only = h('input', { type: 'checkbox', onchange: draw, id: 'only' });
    const place = h('div', {});
    function draw() {
      const wanted = input.value.toLowerCase();
      place.replaceChildren(table(methodColumns(), data.methods.map((_, i) => i).filter(i => (!only.checked || data.methods[i][M.flags] & EXPORTED) &&
        (!wanted || data.methods[i][M.name].toLowerCase().includes(wanted))), 5, true));
    }
    draw();
    return [h('h2', {}, t('methods')), data.methods_left_out > 0 && h('p', { class: 'soft' }, t('left')),
      h('div', { class: 'tools' }, input, h('label', { for: 'only' }, only, ' ', t('exportedOnly'))), place].filter(Boolean);
  },
  subsystems() {
    const rows = data.subsystems.map((_, i) => i);
    const of = i => data.subsystems[i];
    return [h('h2', {}, t('graph')), h('p', { class: 'soft' }, t('hint')), subsystemGraph(), h('h2', {}, t('subsystems')), table([
      { title: t('name'), key: i => data.objects[of(i)[0]][K.name], cell: i => objectLink(of(i)[0]) },
      { title: t('synonym'), key: i => data.objects[of(i)[0]][K.synonym] },
      { title: t('objects'), n: true, key: i => of(i)[1] }, { title: t('methods'), n: true, key: i => of(i)[2] },
      { title: t('code'), n: true, key: i => of(i)[3] }, { title: t('fanIn'), n: true, key: i => of(i)[4] },
      { title: t('fanOut'), n: true, key: i => of(i)[5] },
      { title: t('instability'), n: true, key: i => of(i)[4] + of(i)[5] ? of(i)[5] / (of(i)[4] + of(i)[5]) : 0,
        cell: i => (of(i)[4] + of(i)[5] ? of(i)[5] / (of(i)[4] + of(i)[5]) : 0).toFixed(2) }], rows, 4, true)];
  },
  practices(wanted) {
    const rules = data.rules.filter(each => each[4] > 0);
    if (wanted) return [h('h2', {}, ruleTitle(data.rules.findIndex(each => each[0] === wanted))), h('p', {}, h('a', { href: '#/practices' }, t('practices'))),
      findingsTable(data.findings.filter(each => data.rules[each[0]][0] === wanted))];
    return [h('h2', {}, t('practices')), table([
      { title: t('severity'), key: rule => severityOrder.indexOf(rule[3]), n: false, cell: rule => h('span', { class: rule[3] }, rule[3]) },
      { title: t('rule'), key: rule => rule[language === 'ru' ? 1 : 2], cell: rule => h('span', {}, h('a', { href: '#/practices/' + rule[0] }, rule[language === 'ru' ? 1 : 2]), ' ', h('small', {}, rule[0])) },
      { title: t('count'), n: true, key: rule => rule[4] },
      { title: t('standard'), key: rule => rule[5], cell: rule => rule[5] ? h('a', { href: rule[5], rel: 'noreferrer' }, '#' + rule[5].split(':')[2]) : '' }], rules, 2, true),
      h('h2', {}, t('objects')), table(objectColumns(), data.objects.map((_, i) => i).filter(i => data.objects[i][K.findings] > 0), 7, true)];
  },
  copies() {
    return [h('h2', {}, t('copies')), table([
      { title: t('tokens'), n: true, key: each => each[0] }, { title: t('count'), n: true, key: each => each[1].length },
      { title: t('places'), key: each => each[1].length, cell: each => each[1].slice(0, 8).map(place => h('div', {}, moduleLink(place[0]), h('small', {}, ` ${place[1]}, ${place[2]}–${place[3]}`))) }],
      data.copies, 0, true)];
  },
  o(id) {
    const i = ids.get(id);
    return i === undefined ? [h('p', {}, t('nothing'))] : objectView(i);
  },
};

const ruleTitle = i => i < 0 ? t('nothing') : data.rules[i][language === 'ru' ? 1 : 2];
const findingsTable = list => table([
  { title: t('severity'), key: each => severityOrder.indexOf(data.rules[each[0]][3]), n: false, cell: each => h('span', { class: data.rules[each[0]][3] }, data.rules[each[0]][3]) },
  { title: t('rule'), key: each => ruleTitle(each[0]), cell: each => h('span', {}, ruleTitle(each[0]), each[3] && h('small', {}, ' ' + each[3])) },
  { title: t('module'), key: each => moduleName(each[1]), cell: each => moduleLink(each[1]) },
  { title: t('line'), n: true, key: each => each[2], cell: each => String(each[2]) }], list);

// A module's name without that of its object.
const shortModule = (object, module) => moduleName(module).startsWith(objectName(object) + '.') ? moduleName(module).slice(objectName(object).length + 1) : moduleName(module);

const findingsOf = object => data.findings.filter(each => data.modules[each[1]][0] === object);

function objectView(i) {
  const object = data.objects[i], parts = object[K.parts];
  const simple = (title, list) => list && [h('h3', {}, title), h('ul', { class: 'plain' }, list.map(each => h('li', {}, each[0], each[1] ? h('small', {}, ' ' + each[1]) : '')))];
  const fields = (title, list) => list && [h('h3', {}, title), h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, h('tr', {}, h('th', {}, t('name')), h('th', {}, t('type')), h('th', {}, t('synonym')))),
    h('tbody', {}, list.map(each => h('tr', {}, h('td', {}, each[0]), h('td', {}, each[1]), h('td', {}, each[2]))))))];
  const neighbours = (title, list) => {
    const strongest = new Map();
    for (const [other, via, weight] of list) strongest.set(other, [...(strongest.get(other) || []), `${data.via[via]} ${weight}`]);
    return strongest.size > 0 && [h('h3', {}, `${title} (${number(strongest.size)})`), h('ul', { class: 'plain' }, [...strongest].map(([other, why]) =>
      h('li', {}, other < data.objects.length ? objectLink(other) : data.name, h('small', {}, ' ' + why.join(', ')))))];
  };
  const subsystem = data.subsystems.find(each => each[0] === i);
  const methods = (methodsOf.get(i) || []);
  return [h('h2', {}, objectName(i)), object[K.synonym] && h('p', {}, object[K.synonym]), object[K.comment] && h('p', { class: 'soft' }, object[K.comment]),
    object[K.subsystems].length > 0 && h('p', {}, t('subsystem') + ': ', object[K.subsystems].map(each => h('span', { class: 'tag' }, objectLink(each)))),
    subsystem && [h('h3', {}, t('needs')), h('ul', { class: 'plain' }, subsystem[6].map(([other, weight]) => h('li', {}, objectLink(data.subsystems[other][0]), h('small', {}, ' ' + weight)))),
      h('h3', {}, t('content')), h('ul', { class: 'plain' }, subsystem[7].map(other => h('li', {}, objectLink(other))))],
    fields(t('dimensions'), parts.d), fields(t('resources'), parts.r), fields(t('attributes'), parts.a),
    (parts.t || []).map(([name, columns]) => fields(`${t('sections')} ${name}`, columns)),
    simple(t('values'), parts.v), simple(t('forms'), parts.f), simple(t('commands'), parts.c), simple(t('templates'), parts.m),
    methods.length > 0 && [h('h3', {}, `${t('methods')} (${number(methods.length)})`), table([
      { title: t('name'), key: m => data.methods[m][M.name], cell: m => {
        const method = data.methods[m], tags = [[EXPORTED, language === 'ru' ? 'Экспорт' : 'Export'], [ASYNC, language === 'ru' ? 'Асинх' : 'Async']];
        return h('div', {}, h('code', {}, method[M.name]), ' ', tags.filter(([flag]) => method[M.flags] & flag).map(([, name]) => h('span', { class: 'tag' }, name)), h('div', {}, h('small', {}, method[M.doc])));
      } },
      { title: t('module'), key: m => shortModule(i, data.methods[m][M.module]) }, ...methodColumns().slice(2)], methods, 3)],
    findingsOf(i).length > 0 && [h('h3', {}, `${t('practices')} (${number(object[K.findings])})`), findingsTable(findingsOf(i))],
    neighbours(t('uses'), uses[i]), neighbours(t('used'), usedBy[i])].flat(3).filter(Boolean);
}

// A layout by forces, the same every time: subsystems push each other away, edges pull. -------------------------------------------
function subsystemGraph() {
  const nodes = data.subsystems.map((each, i) => ({ i, size: Math.sqrt(each[3] + 1), edges: each[6], label: data.objects[each[0]][K.synonym] || data.objects[each[0]][K.name] }))
    .filter(each => data.subsystems[each.i][1] > 0);
  const at = new Map(nodes.map((each, n) => [each.i, n])), links = [];
  nodes.forEach((each, n) => each.edges.forEach(([other, weight]) => at.has(other) && links.push([n, at.get(other), weight])));
  const width = 1000, height = 640, biggest = Math.max(1, ...nodes.map(each => each.size)), heaviest = Math.max(1, ...links.map(each => each[2]));
  nodes.forEach((each, n) => {
    const angle = n * 2.399963, away = 26 * Math.sqrt(n + .5);
    each.x = width / 2 + 1.3 * away * Math.cos(angle); each.y = height / 2 + away * Math.sin(angle); each.r = 4 + 18 * each.size / biggest;
  });
  const near = .8 * Math.sqrt(width * height / Math.max(1, nodes.length)), turns = 300;
  for (let turn = 0; turn < turns; turn++) {
    const heat = near * (1 - turn / turns);
    nodes.forEach(each => { each.dx = (width / 2 - each.x) * .08; each.dy = (height / 2 - each.y) * .14; });
    for (let a = 0; a < nodes.length; a++) for (let b = a + 1; b < nodes.length; b++) {
      const dx = nodes[a].x - nodes[b].x, dy = nodes[a].y - nodes[b].y, far = dx * dx + dy * dy + 1, push = near * near / far;
      nodes[a].dx += dx * push; nodes[a].dy += dy * push; nodes[b].dx -= dx * push; nodes[b].dy -= dy * push;
    }
    for (const [a, b, weight] of links) {
      const dx = nodes[b].x - nodes[a].x, dy = nodes[b].y - nodes[a].y, pull = Math.hypot(dx, dy) / near * .35 * Math.sqrt(weight / heaviest);
      nodes[a].dx += dx * pull; nodes[a].dy += dy * pull; nodes[b].dx -= dx * pull; nodes[b].dy -= dy * pull;
    }
    for (const each of nodes) {
      const step = Math.hypot(each.dx, each.dy) || 1, limit = Math.min(step, heat) / step;
      each.x += each.dx * limit; each.y += each.dy * limit;
    }
  }
  // To the size of the drawing, with room for names: the order along each side says more than the distance.
  const fit = (key, size, edge) => {
    const least = Math.min(...nodes.map(each => each[key])), most = Math.max(...nodes.map(each => each[key]));
    nodes.slice().sort((a, b) => a[key] - b[key]).forEach((each, rank) => {
      const place = most > least ? (each[key] - least) / (most - least) : .5, order = nodes.length > 1 ? rank / (nodes.length - 1) : .5;
      each[key] = edge + (size - 2 * edge) * (.3 * place + .7 * order);
    });
  };
  fit('x', width, 90); fit('y', height, 34);
  for (let turn = 0; turn < 40; turn++) for (let a = 0; a < nodes.length; a++) for (let b = a + 1; b < nodes.length; b++) {
    const dx = nodes[b].x - nodes[a].x, dy = nodes[b].y - nodes[a].y, far = Math.hypot(dx, dy) || 1, short = nodes[a].r + nodes[b].r + 16 - far;
    if (short <= 0) continue;
    for (const [node, sign] of [[nodes[a], -1], [nodes[b], 1]]) {
      node.x = Math.min(width - 60, Math.max(60, node.x + sign * short / 2 * dx / far));
      node.y = Math.min(height - 16, Math.max(30, node.y + sign * short / 2 * dy / far));
    }
  }
  // Every subsystem's strongest needs are drawn; all of its edges when it is pointed at.
  const strong = new Set();
  nodes.forEach((_, n) => links.map((link, l) => [link, l]).filter(([link]) => link[0] === n).sort((x, y) => y[0][2] - x[0][2]).slice(0, 2).forEach(([, l]) => strong.add(l)));
  const lines = links.map(([a, b, weight], l) => el('line', { x1: nodes[a].x, y1: nodes[a].y, x2: nodes[b].x, y2: nodes[b].y, 'stroke-width': .5 + 3 * Math.sqrt(weight / heaviest), class: strong.has(l) ? undefined : 'weak' }));
  const drawing = el('g', {}, el('g', {}, lines));
  const mark = n => {
    drawing.setAttribute('class', n === null ? '' : 'near');
    lines.forEach((line, l) => line.classList.toggle('hot', n !== null && (links[l][0] === n || links[l][1] === n)));
  };
  nodes.forEach((each, n) => {
    const text = `${each.label}: ${number(data.subsystems[each.i][1])} / ${number(data.subsystems[each.i][3])}`;
    drawing.append(el('circle', { cx: each.x, cy: each.y, r: each.r, tabindex: 0, onmouseenter: () => mark(n), onmouseleave: () => mark(null), onfocus: () => mark(n),
      onclick: () => { location.hash = objectLink(data.subsystems[each.i][0]).getAttribute('href'); } }, el('title', {}, text)));
    if (nodes.length <= 40 || each.r > 9) drawing.append(el('text', { x: each.x, y: each.y - each.r - 3, 'text-anchor': 'middle' }, each.label.length > 28 ? each.label.slice(0, 27) + '…' : each.label));
  });
  return el('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': t('graph') }, drawing);
}

// The frame: header, search, routes ----------------------------------------------------------------------------------------------
const hits = h('div', { id: 'hits', hidden: true }), main = h('main', {});
const search = h('input', { id: 'query', type: 'search', autocomplete: 'off', oninput: find, onkeydown: e => { if (e.key === 'Escape') { search.value = ''; find(); } } });
const names = data.objects.map(each => (each[K.name] + ' ' + each[K.synonym]).toLowerCase()), methodNames = data.methods.map(each => each[M.name].toLowerCase());
function find() {
  const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = text => wanted.every(word => text.includes(word));
  const list = [];
  if (wanted.length > 0) {
    for (let i = 0; i < names.length && list.length < hitsMax; i++) if (fits(names[i] + ' ' + objectName(i).toLowerCase())) list.push(h('a', { href: objectLink(i).getAttribute('href') }, objectName(i), h('small', {}, ' ' + data.objects[i][K.synonym])));
    for (let i = 0; i < methodNames.length && list.length < 2 * hitsMax; i++) if (fits(methodNames[i])) {
      const object = data.modules[data.methods[i][M.module]][0];
      list.push(h('a', { href: object < 0 ? '#/methods' : objectLink(object).getAttribute('href') }, h('code', {}, data.methods[i][M.name]), h('small', {}, ` ${moduleName(data.methods[i][M.module])}:${data.methods[i][M.line]}`)));
    }
  }
  hits.replaceChildren(...(list.length > 0 || wanted.length === 0 ? list : [h('a', {}, t('nothing'))]));
  hits.hidden = wanted.length === 0;
}
document.addEventListener('click', event => { if (!search.contains(event.target)) hits.hidden = true; });
function show() {
  const [view, ...rest] = location.hash.slice(2).split('/').map(decodeURIComponent);
  const name = Object.hasOwn(views, view) ? view : 'overview';
  document.documentElement.lang = language;
  document.title = `${data.name} — ${name === 'o' ? rest.join('/') : t(name)}`;
  search.placeholder = t('find'); search.setAttribute('aria-label', t('find'));
  const menu = ['overview', 'objects', 'methods', 'subsystems', 'practices', 'copies'].map(each => h('a', { href: '#/' + each, 'aria-current': each === name ? 'page' : undefined }, t(each)));
  const other = language === 'ru' ? 'en' : 'ru';
  const toggle = h('button', { onclick: () => { language = other; try { localStorage.setItem('artel-language', other); } catch { /* a page opened from a file may have no storage */ } show(); } }, other.toUpperCase());
  document.querySelector('header').replaceChildren(h('h1', {}, data.name), h('nav', {}, menu), h('div', { class: 'find' }, search, hits), toggle);
  main.replaceChildren(...views[name](rest.join('/')));
  hits.hidden = true;
  scrollTo(0, 0);
}
document.body.append(h('header', {}), main);
addEventListener('hashchange', show);
show();
