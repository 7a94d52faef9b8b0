// The suite that every sink of the registry must pass, whatever it sends.
#include <doctest/doctest.h>

#include <string>
#include <variant>
#include <vector>

#include "base/text.hpp"
#include "integrations/registry.hpp"
#include "integrations/sinks/email.hpp"
#include "integrations/sinks/file.hpp"
#include "integrations/sinks/pagerduty.hpp"
#include "integrations/sinks/webhook.hpp"
#include "support/sample_effect.hpp"

using namespace tocsin;
using namespace tocsin::integrations;

namespace {

const std::string secret_text = "0123456789abcdef0123456789SECRET";
const Instant now = parse_rfc3339("2026-03-01T02:00:01Z").value();

struct Named {
    std::string kind;
    std::shared_ptr<const Sink> sink;
};

std::shared_ptr<const Sink> email(const SinkContext& context) {
    schema::Diagnostics diagnostics;
    const schema::Reader reader{.file = "tocsin.yaml", .diagnostics = diagnostics};
    EmailSettings settings;
    settings.smtp.value = "smtps://mail.example";
    settings.from.value = "tocsin@example.com";
    settings.user_name = "tocsin";
    settings.password = Secret(secret_text);
    settings.to = {{"oncall@example.com"}};
    return make_email(settings, reader, context).value();
}

std::vector<Named> sinks() {
    const SinkContext context{.name = "x", .public_url = "https://tocsin.example", .call_url = {}};
    PagerDutySettings pagerduty;
    pagerduty.routing_key = Secret(secret_text);
    WebhookSettings webhook;
    webhook.url.value = "https://hook.example/in";
    webhook.signing_secret = Secret(secret_text);
    FileSettings file;
    file.path.value = "/var/lib/tocsin/deliveries.jsonl";
    return {{"pagerduty", make_pagerduty(pagerduty, context)},
            {"webhook", make_webhook(webhook, context)},
            {"file", make_file(file, context)},
            {"email", email(context)}};
}

std::string reason_of(const Judgement& judgement) {
    if (const auto* again = std::get_if<TryAgain>(&judgement)) return again->reason;
    if (const auto* never = std::get_if<GiveUp>(&judgement)) return never->reason;
    return {};
}

Answer answered(int status, std::string body, std::vector<Header> headers = {}) {
    return {.kind = Answer::Kind::answered,
            .status = status,
            .headers = std::move(headers),
            .body = std::move(body)};
}

}  // namespace

TEST_CASE("the suite tries every kind that has its adapter") {
    std::vector<std::string> tried;
    for (const Named& each : sinks()) tried.push_back(each.kind);
    std::vector<std::string> available;
    for (const IntegrationKind& kind : integration_kinds()) {
        if (kind.available) available.push_back(kind.name);
    }
    CHECK(tried == available);
}

TEST_CASE("every status from 100 to 599 is judged by every sink") {
    for (const Named& each : sinks()) {
        CAPTURE(each.kind);
        for (int status = 100; status <= 599; ++status) {
            CAPTURE(status);
            const Judgement judgement =
                each.sink->judge(support::sample_effect(), answered(status, "{}"));
            const bool is_accepted = status >= 200 && status < 300;
            CHECK(std::holds_alternative<Accepted>(judgement) == is_accepted);
            if (each.kind == "email") {  // SMTP: 4xx passes, 5xx stays (RFC 5321 §4.2.1)
                CHECK(std::holds_alternative<GiveUp>(judgement) == (status >= 500));
                continue;
            }
            const bool again = status >= 500 || status == 408 || status == 425 || status == 429;
            CHECK(std::holds_alternative<TryAgain>(judgement) == again);
            if (const auto* wait = std::get_if<TryAgain>(&judgement)) {
                CHECK(wait->rate_limited == (status == 429));
            }
        }
    }
}

TEST_CASE("no answer is tried again") {
    for (const Named& each : sinks()) {
        for (const auto kind : {Answer::Kind::unreachable, Answer::Kind::broken}) {
            const Judgement judgement = each.sink->judge(
                support::sample_effect(), {.kind = kind, .error = "connection refused"});
            REQUIRE(std::holds_alternative<TryAgain>(judgement));
            CHECK(reason_of(judgement).ends_with(": connection refused"));
        }
    }
}

TEST_CASE("Retry-After is honoured in seconds, and nothing else is made of it") {
    struct Row {
        std::string text;
        std::optional<Duration> expected;
    };
    const std::vector<Row> rows = {{"30", seconds(30)},
                                   {"0", seconds(0)},
                                   {"", std::nullopt},
                                   {"-5", std::nullopt},
                                   {"1.5", std::nullopt},
                                   {"99999999999999999999", std::nullopt},
                                   {"Wed, 21 Oct 2015 07:28:00 GMT", std::nullopt}};
    for (const Named& each : sinks()) {
        for (const Row& row : rows) {
            const Judgement judgement = each.sink->judge(
                support::sample_effect(), answered(429, "", {{"retry-after", row.text}}));
            const auto expected = each.kind == "email" ? std::nullopt : row.expected;  // no such
            CHECK(std::get<TryAgain>(judgement).retry_after == expected);
        }
    }
}

TEST_CASE("reasons hold no secret, one line, and at most 200 bytes of the peer's text") {
    const std::vector<std::string> bodies = {
        "bad key " + secret_text,
        std::string(190, 'x') + secret_text + secret_text,
        secret_text + "\r\n\x1b[31mforged line\n" + std::string(5000, 'y'),
        "<html><body>nginx</body></html>",
        std::string("\xff\xfe\0", 3),
        std::string(1 << 20, 'z'),
        std::string(300, '\xc3'),
    };
    for (const Named& each : sinks()) {
        for (const std::string& body : bodies) {
            for (const int status : {400, 401, 500}) {
                CAPTURE(each.kind);
                const std::string reason =
                    reason_of(each.sink->judge(support::sample_effect(), answered(status, body)));
                if (each.kind != "file") CHECK(reason.find(secret_text) == std::string::npos);
                if (each.kind != "file") CHECK(reason.find("SECRET") == std::string::npos);
                CHECK(reason.find('\n') == std::string::npos);
                CHECK(reason.find('\x1b') == std::string::npos);
                CHECK(reason.size() <= 240);
                CHECK(is_valid_utf8(reason));
            }
        }
    }
}

TEST_CASE("answers with unknown fields, broken JSON or other shapes do not disturb a sink") {
    for (const Named& each : sinks()) {
        for (const std::string body :
             {"", "{}", "[]", "null", "ok", "{\"dedup_key\":5}", "{\"dedup_key\":\"k\",\"x\":[{}]}",
              "{\"status\":", "\xff"}) {
            const Judgement judgement =
                each.sink->judge(support::sample_effect(), answered(202, body));
            CHECK(std::holds_alternative<Accepted>(judgement));
        }
    }
}

TEST_CASE("every sink makes a request of every action, the same one each time") {
    for (const Named& each : sinks()) {
        for (const core::Action action :
             {core::Action::page, core::Action::acknowledge_page, core::Action::resolve_page,
              core::Action::update, core::Action::test}) {
            const core::Effect effect = support::sample_effect(action);
            const auto request = each.sink->request(effect, now);
            REQUIRE(request.has_value());
            CHECK(each.sink->request(effect, now).value() == *request);
            const bool nothing_to_do = each.kind == "pagerduty" && action == core::Action::update;
            CHECK(request->has_value() != nothing_to_do);
        }
    }
}

TEST_CASE("an effect with nothing in it still makes requests that are valid") {
    core::Effect effect;
    for (const Named& each : sinks()) {
        for (const core::Action action : {core::Action::page, core::Action::test}) {
            effect.action = action;
            const auto request = each.sink->request(effect, now);
            REQUIRE(request.has_value());
            CHECK(request->has_value());
        }
    }
}
