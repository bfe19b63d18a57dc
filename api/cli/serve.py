"""`wenbu serve`: from a set-up checkout to an address that answers."""

import asyncio
from typing import TYPE_CHECKING

from api.cli.environment import read_settings, read_wechat_settings
from api.cli.knowledge import load
from api.cli.output import fail, say

if TYPE_CHECKING:
    from api.settings import Settings


def serve() -> None:
    """启动全部服务:必要时先训练和迁移数据库,就绪后给出网址;Ctrl-C 停止。"""
    from api.cli import plan
    from api.cli.ports import PortTaken, require_free
    from api.cli.supervisor import GaveUp, Supervisor
    from api.cli.train import TrainingFailed, train_if_changed
    from api.settings import PROJECT_ROOT

    settings = read_settings()
    # the gateway reads it once it runs: better one line now than a start that fails
    read_wechat_settings()
    # every service reads it: better one line about it now than a stack trace from each of them
    load()
    try:
        require_free(settings.host, settings.port, "WENBU_PORT")
        if settings.rasa_url is None:
            require_free("127.0.0.1", settings.rasa_port, "WENBU_RASA_PORT")
            train_if_changed(PROJECT_ROOT)
        if settings.actions_url is None:
            require_free("127.0.0.1", settings.actions_port, "WENBU_ACTIONS_PORT")
    except (PortTaken, TrainingFailed) as problem:
        fail(str(problem))
    _migrate(settings)

    def announce() -> None:
        where = plan.address(settings)
        say(f"问补已启动:{where}  (接口说明 {where}/docs,按 Ctrl-C 停止)")

    async def supervise() -> None:
        services = plan.services(settings, PROJECT_ROOT, plan.rasa_token(settings))
        say("正在启动:" + "、".join(service.name for service in services))
        await Supervisor(services, say).run(announce)

    try:
        asyncio.run(supervise())
    except GaveUp as problem:
        fail(str(problem))
    say("已停止。")


def _migrate(settings: "Settings") -> None:
    from sqlalchemy.exc import SQLAlchemyError

    from api.store.migrate import upgrade

    try:
        upgrade(settings.database)
    except (SQLAlchemyError, OSError) as error:
        reason = str(error).splitlines()[0]
        fail(f"数据库打不开或迁移不了:{reason}。请检查 WENBU_DATABASE_URL 和文件权限。")
