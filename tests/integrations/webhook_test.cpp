// The signed webhook and the file: what is sent, and how a repeat is recognised.
#include <doctest/doctest.h>

#include <string>

#include "base/text.hpp"
#include "integrations/json.hpp"
#include "integrations/sign.hpp"
#include "integrations/sinks/file.hpp"
#include "integrations/sinks/webhook.hpp"
#include "support/golden.hpp"
#include "support/sample_effect.hpp"

using namespace tocsin;
using namespace tocsin::integrations;

namespace {

const Instant now = parse_rfc3339("2026-03-01T02:00:01Z").value();
const SinkContext context{
    .name = "x", .public_url = "https://tocsin.example", .call_url = "https://call.example"};

HttpRequest webhook_request(const core::Effect& effect, const std::string& secret, Instant at) {
    WebhookSettings settings;
    settings.url.value = "https://hook.example/in";
    settings.signing_secret = Secret(secret);
    const auto request = make_webhook(settings, context)->request(effect, at);
    return std::get<HttpRequest>(request.value().value());
}

std::string header(const HttpRequest& request, const std::string& name) {
    for (const auto& [key, value] : request.headers) {
        if (key == name) return value;
    }
    return {};
}

std::shared_ptr<const Sink> file() {
    FileSettings settings;
    settings.path.value = "/tmp/d.jsonl";
    return make_file(settings, context);
}

}  // namespace

TEST_CASE("a webhook's body is the golden one, whoever is meant [H-48] [H-49]") {
    core::Effect effect = support::sample_effect();
    effect.person = "engineer-a";
    const HttpRequest request = webhook_request(effect, "s", now);
    CHECK(request.method == "POST");
    CHECK(request.url == "https://hook.example/in");
    CHECK(request.body + "\n" == support::golden("webhook_page.json", request.body + "\n"));
    effect.person.clear();
    CHECK(parse_json(webhook_request(effect, "s", now).body)->find("person")->is_null());
}

TEST_CASE("a webhook's event is page, update or test") {
    const std::vector<std::pair<core::Action, std::string>> rows = {
        {core::Action::page, "page"},           {core::Action::acknowledge_page, "update"},
        {core::Action::resolve_page, "update"}, {core::Action::update, "update"},
        {core::Action::test, "test"},
    };
    for (const auto& [action, event] : rows) {
        const HttpRequest request = webhook_request(support::sample_effect(action), "s", now);
        CHECK(parse_json(request.body)->text_at("event") == event);
    }
}

TEST_CASE("a webhook is signed, and keeps its id when it is sent again later") {
    const core::Effect effect = support::sample_effect();
    for (const Instant at : {now, now + hours(1)}) {
        const HttpRequest request = webhook_request(effect, "whsec_c2VjcmV0", at);
        CHECK(header(request, "webhook-id") == effect.key);
        CHECK(verify_standard_webhook(Secret("whsec_c2VjcmV0"), header(request, "webhook-id"),
                                      header(request, "webhook-timestamp"),
                                      header(request, "webhook-signature"), request.body, at)
                  .ok());
    }
    const HttpRequest unsigned_request = webhook_request(effect, "", now);
    CHECK(header(unsigned_request, "webhook-signature").empty());
    CHECK(header(unsigned_request, "webhook-timestamp") == "1772330401");
}

TEST_CASE("no key can forge a header") {
    core::Effect effect = support::sample_effect();
    effect.key = "a\r\nX-Evil: 1";
    const HttpRequest request = webhook_request(effect, "s", now);
    for (const auto& [name, value] : request.headers) {
        CHECK(value.find_first_of("\r\n") == std::string::npos);
    }
}

TEST_CASE("a file gets one line per delivery, the golden one") {
    const auto request = file()->request(support::sample_effect(), now).value().value();
    const auto& append = std::get<FileAppend>(request);
    CHECK(append.path == "/tmp/d.jsonl");
    CHECK(append.line.find('\n') == std::string::npos);
    CHECK(append.line + "\n" == support::golden("file_page.jsonl", append.line + "\n"));
}

TEST_CASE("a file is searched for exactly the delivery's key") {
    core::Effect effect = support::sample_effect();
    effect.key = "prod/\"x\"/INC-7/1/major/page";
    const auto append = std::get<FileAppend>(file()->request(effect, now).value().value());
    const auto find = std::get<FileFind>(file()->look_up(effect).value());
    CHECK(find.path == append.path);
    CHECK(append.line.find(find.text) != std::string::npos);
    core::Effect longer = effect;
    longer.key += "-2";
    const auto other = std::get<FileFind>(file()->look_up(longer).value());
    CHECK(append.line.find(other.text) == std::string::npos);

    CHECK(file()->found(effect, {.status = 200}) == Found::yes);
    CHECK(file()->found(effect, {.status = 404}) == Found::no);
    CHECK(file()->found(effect, {.status = 500}) == Found::unknown);
    CHECK(file()->found(effect, {.kind = Answer::Kind::broken}) == Found::unknown);
}
