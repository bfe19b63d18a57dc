"""What the widget shows before anything is said."""

from typing import Any

import policies_kb

TITLE = "问补"
GREETING = ("您好，我是问补。职业技能培训有哪些补贴、您能不能领、能领多少，都可以问我。"
            "告诉我您在哪里、是什么情况，就像打电话一样说。")
EXAMPLES = ("残疾人培训40天能领多少生活费", "退役军人能免费学技术吗", "企业搞以工代训补多少", "帮我测算一下")
NOTICE = "答案出自政策文件，仅供参考，以当地人社部门的答复为准。请不要写身份证号、手机号。"
REASONS = {"wrong_figure": "金额或数字不对", "wrong_place": "不是我这个地方的", "not_my_question": "答的不是我问的",
           "unclear": "看不明白", "other": "别的问题"}


def view(kb: policies_kb.KnowledgeBase) -> dict[str, Any]:
    """The answer to GET /api/v1/widget/settings."""
    return {
        "title": TITLE, "greeting": GREETING, "examples": list(EXAMPLES), "notice": NOTICE,
        "regions": [region.short_name for region in kb.regions.values()],
        "feedback_reasons": [{"value": value, "label": label} for value, label in REASONS.items()],
    }
