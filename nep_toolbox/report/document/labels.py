"""The words of the page itself, in both languages of a report."""

from __future__ import annotations

_ENGLISH = {
    "table": "Table {}", "after number": ". ", "contents": "Contents", "summary": "Summary", "checks": "Checks",
    "uncertainty": "Uncertainty", "data": "Data", "results": "Results", "methods": "Methods",
    "references": "References", "limits": "Limits",
    "appendix": "Appendix", "parameters": "Parameters", "versions": "Software", "command": "Command",
    "log": "Log of the run", "files": "Files: {}", "copy": "Copy", "copied": "Copied", "latex": "LaTeX",
    "csv": "CSV", "show all": "Show all {} rows", "show first": "Show the first {} rows",
    "first rows": "The first {} of {} rows.", "first rows of": "The first {} of {} rows; all are in {}.",
    "failed": "This step failed", "skipped": "Not computed: {}", "parameter": "Parameter", "value": "Value",
    "repeat": "This command repeats the run:", "serious": "Attention:",
}

_CHINESE = {
    "table": "表{}", "after number": " ", "contents": "目录", "summary": "摘要", "checks": "数据检查",
    "uncertainty": "不确定性", "data": "数据",
    "results": "结果", "methods": "方法", "references": "参考文献", "limits": "局限性",
    "appendix": "附录", "parameters": "参数", "versions": "软件", "command": "命令",
    "log": "运行日志", "files": "文件：{}", "copy": "复制", "copied": "已复制", "latex": "LaTeX",
    "csv": "CSV", "show all": "显示全部 {} 行", "show first": "只显示前 {} 行",
    "first rows": "共 {1} 行，此处为前 {0} 行。", "first rows of": "共 {1} 行，此处为前 {0} 行；全部见 {2}。",
    "failed": "该步骤失败", "skipped": "未计算：{}", "parameter": "参数", "value": "取值",
    "repeat": "以下命令可重复本次运行：", "serious": "注意：",
}


def labels(language: str) -> dict:
    """The words of the page in a language; English where it is not known."""
    return _CHINESE if language == "zh" else _ENGLISH


def flowing(parts, language: str) -> list:
    """The parts of a method, those of text that follow each other as one."""
    found: list = []
    for part in parts:
        if found and part[0] == found[-1][0] == "text":
            found[-1] = ("text", joined((found[-1][1], part[1]), language))
        else:
            found.append(tuple(part))
    return found


def joined(sentences, language: str) -> str:
    """Sentences as one paragraph; Chinese has no spaces between them."""
    return ("" if language == "zh" else " ").join(sentences)
