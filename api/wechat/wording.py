"""What followers hear that the bot does not say."""

from api.wechat.choices import Choice

MORE = ("详细", "詳細")

VOICE = "语音我这边没听出来，请您打字告诉我。着急的话，也可以直接打12333问当地人社部门。"
PICTURE = "图片我看不了，请您把想问的打字告诉我。比如：培训40天能领多少生活费。材料里的身份证、银行卡，请不要发到这里。"
VIDEO = "视频我看不了，请您把想问的打字告诉我。"
LINK = "链接我打不开，请您把想问的打字告诉我。"
LOCATION = "位置收到了，不过还看不出是哪个城市。请您打字告诉我，比如：{example}。"
STICKER = "表情收到了。想问什么，打字告诉我就行。"
OTHER = "这种消息我还看不了，请您打字告诉我。"
MENU = "这一项现在没有内容。想问什么，请直接打字告诉我。"
FAILED = "抱歉，这一句我没能答上来。请您换个说法再问一次，或者打12333问当地人社部门。"
GREETING = """您好，我是问补，帮您查职业技能培训的补贴：谁能领、领多少、怎么办。
现在有政策的地方：{places}。
直接打字问就行，比如：{example}残疾人参加培训有生活费吗。
答的都仅供参考，以当地人社部门（12333）答复为准。"""

START = (Choice("算一算我能领什么", "/start_check", numbered=False), Choice("找人工", "转人工", numbered=False))
