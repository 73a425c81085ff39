// Words in two languages. The English text is the key; what is missing in Russian stays English.
import { signal } from "@preact/signals";

const russian: Record<string, string> = {
  "Overview": "Обзор", "Pipelines": "Конвейеры", "Runs": "Запуски", "Nodes": "Узлы", "Schedules": "Расписания", "Supervision": "Надзор", "Alerts": "Оповещения",
  "Audit": "Журнал действий", "Log": "Лог", "Search": "Поиск", "Log in": "Войти", "Log out": "Выйти", "Name": "Имя", "Password": "Пароль", "Token": "Токен",
  "Run": "Запуск", "Step": "Шаг", "State": "Состояние", "Pipeline": "Конвейер", "Started": "Начало", "Ended": "Конец", "Took": "Длительность", "Steps": "Шаги",
  "Restarts": "Перезапуски", "Graph": "Граф", "Timeline": "Шкала", "Events": "События", "Artifacts": "Артефакты", "Parameters": "Параметры", "Result": "Результат",
  "Node": "Узел", "Attempt": "Попытка", "Attempts": "Попытки", "Instances": "Экземпляры", "Progress": "Ход", "Error": "Ошибка", "Reason": "Причина",
  "Cancel": "Отменить", "Retry": "Повторить", "Retry from here": "Повторить отсюда", "Retry failed only": "Повторить только упавшие", "Pause": "Приостановить",
  "Resume": "Продолжить", "Drain": "Вывести из работы", "Undo drain": "Вернуть в работу", "Silence": "Заглушить", "Unsilence": "Снять глушение",
  "Mark succeeded": "Считать успешным", "Mark failed": "Считать упавшим", "Skip": "Пропустить", "Start a run": "Запустить", "Start": "Начать", "Close": "Закрыть",
  "Confirm": "Подтвердить", "Why (for the record)": "Зачем (для журнала)", "What runs": "Что выполняется", "What failed lately": "Что упало недавно",
  "What waits": "Что ждёт", "Nothing runs now.": "Сейчас ничего не выполняется.", "Nothing failed lately.": "Недавно ничего не падало.", "Nothing here.": "Здесь пусто.",
  "Runs by hour": "Запуски по часам", "running": "выполняется", "succeeded": "успешно", "failed": "упал", "cancelled": "отменён", "waiting": "ждёт", "ready": "готов",
  "backing_off": "пауза", "publishing": "публикация", "poisoned": "отравлен", "skipped": "пропущен", "alive": "на связи", "lost": "потерян", "left": "ушёл",
  "awaited": "ожидается", "drained": "выводится", "pending": "ожидает", "firing": "сработало", "resolved": "снято", "paused": "приостановлен",
  "Last runs": "Последние запуски", "Next": "Следующий", "Duration": "Длительность", "Active": "Активны", "Slots": "Слоты", "Memory": "Память", "Cores": "Ядра",
  "Crashes": "Сбои", "Heard": "Был на связи", "Kind": "Вид", "Host": "Хост", "Labels": "Метки", "Rule": "Правило", "Last": "Последний", "Preview": "Показать времена",
  "Backfill": "Наверстать", "From": "С", "To": "По", "Actor": "Актор", "Strategy": "Стратегия", "Last reason": "Последняя причина", "Severity": "Важность",
  "Since": "С момента", "Silences": "Глушения", "When": "Когда", "Who": "Кто", "Whence": "Откуда", "What": "Что", "Answer": "Ответ", "Level": "Уровень", "Event": "Событие",
  "Text": "Текст", "All": "Все", "More": "Ещё", "Why it is as it is": "Почему так", "What it wrote": "Что вывел", "Find in the log": "Найти в логе", "Follow": "Следить",
  "The supervisor node can not be reached; it is tried again.": "Узел-супервизор недоступен; пробуем снова.", "Skip to the content": "К содержанию", "Theme": "Тема",
  "Language": "Язык", "retries": "повторяет", "by": "кем", "Text of the pipeline": "Текст конвейера", "required": "обязательно", "in": "за", "of": "из", "for": "на",
  "ago": "назад", "yes": "да", "no": "нет", "Id, name, parameter or error": "Номер, имя, параметр или ошибка", "Value": "Значение", "never": "никогда",
  "The token is in the file page.token in the data folder; artel page prints the whole address.": "Токен лежит в файле page.token в папке данных; artel page печатает весь адрес.",
  "It is worked on.": "Выполняется…", "Durations of the last runs": "Длительность последних запусков", "Planned times": "Плановые времена", "missed": "пропущено",
  "of the last day": "за сутки", "Throughput": "Пропускная способность", "attempts a second": "попыток в секунду", "Menu": "Меню", "newest first": "сначала новые",
  "Experiments": "Эксперименты", "Reports": "Отчёты", "Report": "Отчёт", "Charts": "Графики", "Numbers": "Показатели", "Save": "Сохранить", "Size": "Размер", "Open in a new tab": "Открыть в новой вкладке",
  "test": "тест", "train": "обучение", "baseline": "простой ответ", "Rows": "Строк", "What became of it": "Что с ней стало", "promoted": "введена", "kept out": "не введена", "in service": "в работе",
  "Drift": "Дрейф", "Model": "Модель", "Columns over the threshold": "Столбцы выше порога", "Largest population stability index of a column": "Наибольший PSI среди столбцов",
  "Only the first are shown:": "Показаны только первые:", "none": "нет", "warning": "предупреждение", "alert": "тревога", "not enough data": "мало данных", "Until": "По дату", "At once": "Сразу", "has no run": "запуска не было",
  "There are more; name a shorter span.": "Их больше: назовите срок короче.", "Only so many lines are shown:": "Показано строк, не больше:",
  "No step has told a model and its scores so far.": "Пока ни один шаг не сообщил о модели и её оценках.", "No step has made a report so far.": "Отчётов пока нет.",
  "No step of it has made artifacts.": "Его шаги не сделали артефактов.", "No step of it has made a report.": "Его шаги не сделали отчёта.",
  "No step of it has made an artifact called metrics.": "Ни один его шаг не сделал артефакта metrics.", "The first points come half a minute after the node has started.": "Первые точки — через полминуты после запуска узла.",
};

const remembered = localStorage.getItem("language");
export const language = signal<"en" | "ru">(remembered === "ru" || remembered === "en" ? remembered : navigator.language.startsWith("ru") ? "ru" : "en");
export function setLanguage(to: "en" | "ru") {
  language.value = to;
  localStorage.setItem("language", to);
  document.documentElement.lang = to;
}
document.documentElement.lang = language.value;

export const t = (text: string) => (language.value === "ru" ? russian[text] ?? text : text);
