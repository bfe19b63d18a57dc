"""The WeChat official account, spoken to by our own thin asynchronous module.

signature, crypto, xml, incoming, gate, replies: the protocol. jobs, delivery: one answer to each message, within five
seconds or later. render, choices, cutting, conversation: what the bot says as a WeChat text. access_token, client: the
platform's API. account: all of it, wired.
"""
