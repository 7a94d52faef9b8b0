// PagerDuty's Events API v2: golden bodies, and its published schema as a checker.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/text.hpp"
#include "integrations/json.hpp"
#include "integrations/sinks/pagerduty.hpp"
#include "support/golden.hpp"
#include "support/sample_effect.hpp"

using namespace tocsin;
using namespace tocsin::integrations;

namespace {

const std::string routing_key = "0123456789abcdef0123456789abcdef";
const Instant now = parse_rfc3339("2026-03-01T02:00:01Z").value();

std::shared_ptr<const Sink> pagerduty() {
    PagerDutySettings settings;
    settings.routing_key = Secret(routing_key);
    return make_pagerduty(settings, {.name = "pager",
                                     .public_url = "https://tocsin.example",
                                     .call_url = "https://call.example"});
}

HttpRequest request_for(const core::Effect& effect) {
    const auto request = pagerduty()->request(effect, now);
    return std::get<HttpRequest>(request.value().value());
}

Json body_for(const core::Effect& effect) {
    return parse_json(request_for(effect).body).value();
}

bool has_null(const Json& value) {
    if (value.is_null()) return true;
    for (const Json& item : value.items()) {
        if (has_null(item)) return true;
    }
    for (const auto& [name, member] : value.members()) {
        if (has_null(member)) return true;
    }
    return false;
}

std::size_t code_points(const std::string& text) {
    std::size_t count = 0;
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++count;
    }
    return count;
}

/// The part of JSON Schema that PagerDuty's document uses; one sentence per problem.
void validate(const Json& value, const Json& schema, const Json& document, const std::string& where,
              std::vector<std::string>& problems) {
    if (const auto reference = schema.text_at("$ref")) {
        const Json* target = &document;
        for (const std::string_view part : split(std::string_view(*reference).substr(2), '/')) {
            target = target->find(part);
            REQUIRE(target != nullptr);
        }
        return validate(value, *target, document, where, problems);
    }
    if (const Json* all = schema.find("allOf")) {
        for (const Json& each : all->items()) validate(value, each, document, where, problems);
    }
    const std::string type = schema.text_at("type").value_or("");
    const bool type_fits = type.empty() || (type == "object" && value.is_object()) ||
                           (type == "array" && value.is_list()) ||
                           (type == "string" && value.as_text());
    if (!type_fits) problems.push_back(where + " is not of type " + type);
    if (const Json* choices = schema.find("enum")) {
        bool found = false;
        for (const Json& choice : choices->items()) found = found || choice == value;
        if (!found) problems.push_back(where + " is none of the choices");
    }
    const auto text = value.as_text().value_or("");
    const auto length = static_cast<double>(code_points(text));
    if (value.as_text() && length > schema.number_at("maxLength").value_or(1e9)) {
        problems.push_back(where + " is too long");
    }
    if (value.as_text() && length < schema.number_at("minLength").value_or(0)) {
        problems.push_back(where + " is too short");
    }
    if (const Json* required = schema.find("required")) {
        for (const Json& name : required->items()) {
            if (value.find(*name.as_text()) == nullptr) {
                problems.push_back(where + " lacks " + *name.as_text());
            }
        }
    }
    if (const Json* properties = schema.find("properties")) {
        for (const auto& [name, member] : properties->members()) {
            const Json* held = value.find(name);
            if (held != nullptr) validate(*held, member, document, where + "." + name, problems);
        }
    }
    if (const Json* items = schema.find("items")) {
        for (const Json& item : value.items()) {
            validate(item, *items, document, where + "[]", problems);
        }
    }
}

core::Effect huge_effect() {
    core::Effect effect = support::sample_effect();
    const std::string long_text(70'000, 'x');
    std::string wide;
    for (int i = 0; i < 3000; ++i) wide += "ü🔥";
    effect.incident.title = wide;
    effect.text = long_text;
    effect.incident.cite = std::string(600'000, 'c');
    effect.incident.component = long_text;
    effect.incident.family = long_text;
    effect.incident.rule = long_text;
    effect.incident.runbook_url = "https://runbook.example/" + long_text;
    effect.incident.labels = Labels{{"instance", wide}};
    effect.page_key = "prod/abc/INC-7/1/major/" + std::string(300, 'k');
    return effect;
}

std::vector<core::Effect> effects() {
    std::vector<core::Effect> all;
    for (const auto action : {core::Action::page, core::Action::acknowledge_page,
                              core::Action::resolve_page, core::Action::test}) {
        all.push_back(support::sample_effect(action));
    }
    core::Effect bare;
    bare.page_key = "prod/abc/test";
    all.push_back(bare);
    all.push_back(huge_effect());
    return all;
}

}  // namespace

TEST_CASE(
    "trigger, acknowledge and resolve are the golden bodies, under one dedup key [H-48] "
    "[H-49]") {
    const std::vector<std::pair<core::Action, std::string>> rows = {
        {core::Action::page, "pagerduty_trigger.json"},
        {core::Action::acknowledge_page, "pagerduty_acknowledge.json"},
        {core::Action::resolve_page, "pagerduty_resolve.json"},
        {core::Action::test, "pagerduty_drill.json"},
    };
    for (const auto& [action, file] : rows) {
        const HttpRequest request = request_for(support::sample_effect(action));
        CHECK(request.method == "POST");
        CHECK(request.url == "https://events.pagerduty.com/v2/enqueue");
        CHECK(request.headers == std::vector<Header>{{"Content-Type", "application/json"}});
        CHECK(request.body + "\n" == support::golden(file, request.body + "\n"));
        CHECK(parse_json(request.body)->text_at("dedup_key") == "prod/abc/INC-7/1/major");
    }
}

TEST_CASE("every body fits PagerDuty's published schema, its limits, and has no null") {
    const std::string text =
        support::read_file(support::shared_data() / "specs/mock/pagerduty-events-v2.mock.json");
    if (text.empty()) MESSAGE("the schema is not there: only limits and nulls are checked");
    for (const core::Effect& effect : effects()) {
        const HttpRequest request = request_for(effect);
        const Json body = parse_json(request.body).value();
        CHECK(request.body.size() <= 512'000);
        CHECK_FALSE(has_null(body));
        CHECK(body.text_at("dedup_key")->size() <= 255);
        if (text.empty()) continue;
        const Json document = parse_json(text).value();
        const Json* schema = &document;
        for (const std::string name : {"paths", "/enqueue", "post", "requestBody", "content",
                                       "application/json", "schema"}) {
            schema = schema->find(name);
            REQUIRE(schema != nullptr);
        }
        std::vector<std::string> problems;
        validate(body, *schema, document, "event", problems);
        CHECK(join(problems, "; ") == "");
    }
}

TEST_CASE("the schema checker finds what is wrong") {
    const std::string text =
        support::read_file(support::shared_data() / "specs/mock/pagerduty-events-v2.mock.json");
    if (text.empty()) return;
    const Json document = parse_json(text).value();
    const Json* payload = document.find("components")->find("schemas")->find("Payload");
    std::vector<std::string> problems;
    const Json wrong = Json::object({{"summary", std::string(1025, 'x')}, {"severity", "major"}});
    validate(wrong, *payload, document, "payload", problems);
    CHECK(problems.size() == 3);
}

TEST_CASE("our severities become PagerDuty's") {
    const std::vector<std::pair<core::Severity, std::string>> rows = {
        {core::Severity::critical, "critical"},
        {core::Severity::major, "error"},
        {core::Severity::minor, "warning"},
        {core::Severity::none, "error"},
    };
    for (const auto& [severity, name] : rows) {
        core::Effect effect = support::sample_effect();
        effect.incident.severity = severity;
        CHECK(body_for(effect).find("payload")->text_at("severity") == name);
    }
}

TEST_CASE("a summary begins with the title and is cut on a code point") {
    core::Effect effect = support::sample_effect();
    CHECK(body_for(effect).find("payload")->text_at("summary") ==
          "Event ingestion is 6m 41s behind in us: the lag is 401 s, over 5 minutes");
    effect.text = "again: " + effect.incident.title;
    CHECK(body_for(effect).find("payload")->text_at("summary") == effect.text);
    const std::string cut = *body_for(huge_effect()).find("payload")->text_at("summary");
    CHECK(code_points(cut) == 1024);
    CHECK(is_valid_utf8(cut));
    CHECK(cut.starts_with("ü🔥"));
}

TEST_CASE("too large a body loses its details first, and keeps what pages") {
    const Json body = body_for(huge_effect());
    const Json* payload = body.find("payload");
    CHECK(payload->find("custom_details")->text_at("left_out").has_value());
    CHECK(payload->find("custom_details")->find("cite") == nullptr);
    CHECK(body.text_at("event_action") == "trigger");
    CHECK(body.find("links")->items().size() == 3);  // the runbook's address is too long
}

TEST_CASE("keys that are too long stay different and stable") {
    core::Effect one = support::sample_effect();
    core::Effect two = one;
    one.page_key = std::string(300, 'a') + "1";
    two.page_key = std::string(300, 'a') + "2";
    CHECK(body_for(one).text_at("dedup_key") != body_for(two).text_at("dedup_key"));
    CHECK(body_for(one).text_at("dedup_key") == body_for(one).text_at("dedup_key"));
    one.page_key = std::string(255, 'a');
    CHECK(body_for(one).text_at("dedup_key") == one.page_key);
}

TEST_CASE("an acceptance carries PagerDuty's key, and a login page is none") {
    const core::Effect effect = support::sample_effect();
    const auto judge = [&](int status, std::string body) {
        return pagerduty()->judge(effect, {.status = status, .body = std::move(body)});
    };
    const auto accepted =
        judge(202, R"({"status":"success","message":"Event processed","dedup_key":"theirs"})");
    CHECK(std::get<Accepted>(accepted).remote == "theirs");
    CHECK(std::get<Accepted>(judge(202, "")).remote == effect.page_key);
    CHECK(std::holds_alternative<TryAgain>(judge(200, " <!doctype html><p>log in")));
    CHECK(std::get<GiveUp>(judge(400, R"({"status":"invalid event"})")).reason ==
          R"(answered 400: {"status":"invalid event"})");
}
