"""WeCom (企业微信): what comes in and goes out by its apps, robots, customer service and residents' reports."""
