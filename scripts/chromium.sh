#!/bin/sh
# Debian's Chromium for the browser tests (playwright only drives it), with a font that has Chinese characters.
set -eu
export DEBIAN_FRONTEND=noninteractive

missing=""
[ -x /usr/bin/chromium ] || missing="chromium"
# without such a font every Chinese character is a box on the screenshots
[ -n "$(ls -d /usr/share/fonts/opentype/noto/NotoSansCJK* /usr/share/fonts/truetype/wqy 2>/dev/null || true)" ] \
    || missing="$missing fonts-wqy-zenhei"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "错误:浏览器测试缺少:$missing。请用管理员身份安装:apt-get install $missing" >&2
    exit 1
fi
echo "正在安装:$missing……"
log=$(mktemp)
if ! { apt-get -qq update && apt-get -qq -y install --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    echo "错误:安装 $missing 失败,请检查网络和 apt 软件源。" >&2
    exit 1
fi
rm -f "$log"
