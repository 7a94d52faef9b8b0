// Bodies that nobody sends on purpose: what is tolerated, cut, complained of, and refused.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/limits.hpp"
#include "integrations/sources/alertmanager.hpp"

using namespace tocsin;
using namespace tocsin::integrations;
namespace limits = tocsin::core::limits;

namespace {

const Instant now = parse_rfc3339("2026-11-21T17:00:00Z").value();

std::string nested(std::size_t depth) {
    return R"({"alerts":[],"x":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}

Answer answered(int status, std::string body) {
    Answer answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

}  // namespace

TEST_CASE("a webhook body that can never parse is refused with a sentence") {
    struct Row {
        std::string why, body, code, word;
    };
    const std::vector<Row> rows = {
        {"nothing at all", "", "bad_json", "byte"},
        {"not JSON", "hello", "bad_json", "byte"},
        {"HTML", "<html></html>", "bad_json", "byte"},
        {"JSON that is cut off", R"({"alerts":[{"status":"fi)", "bad_json", "byte"},
        {"bytes after the end", R"({"alerts":[]} x)", "bad_json", "byte"},
        {"a list, which is the other endpoint's", "[]", "bad_body", "expected an object"},
        {"a single value", "42", "bad_body", "single value"},
        {"no alerts", R"({"version":"4"})", "bad_body", "no `alerts`"},
        {"alerts that are an object", R"({"alerts":{}})", "bad_body", "not a list"},
        {"alerts that are a text", R"({"alerts":"x"})", "bad_body", "not a list"},
        {"alerts that are a number", R"({"alerts":5})", "bad_body", "not a list"},
        {"33 levels of nesting", nested(33), "too_deep", "32"},
        {"a million levels of nesting", std::string(1'000'000, '['), "bad_body", "expected"},
        {"a million levels in an unknown field",
         R"({"alerts":[],"x":)" + std::string(1'000'000, '['), "too_deep", "32"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const auto read = read_webhook(row.body);
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().code == row.code);
        CHECK(read.error().message.find(row.word) != std::string::npos);
        CHECK(read.error().message.size() < 400);
    }
    CHECK(read_webhook(nested(32)).has_value());
}

TEST_CASE("a webhook is read whatever is missing, unknown or doubled") {
    struct Row {
        std::string why, body;
        std::size_t alerts;
        bool first_is_firing;
        std::string first_labels;
    };
    const std::vector<Row> rows = {
        {"only what is required", R"({"alerts":[]})", 0, false, ""},
        {"null where Go had no list", R"({"alerts":null})", 0, false, ""},
        {"an alert without anything fires", R"({"alerts":[{}]})", 1, true, "{}"},
        {"no status, but an end: resolved",
         R"({"alerts":[{"labels":{"a":"1"},"endsAt":"2026-11-21T16:00:00Z"}]})", 1, false,
         R"({a="1"})"},
        {"no status, and Go's zero time as end: firing",
         R"({"alerts":[{"labels":{"a":"1"},"endsAt":"0001-01-01T00:00:00Z"}]})", 1, true,
         R"({a="1"})"},
        {"the group says resolved, the alert says firing: it fires",
         R"({"status":"resolved","alerts":[{"status":"firing","labels":{"a":"1"}}]})", 1, true,
         R"({a="1"})"},
        {"unknown fields of every type, nested",
         R"({"x":{"alerts":[1]},"routeLabels":{"labels":"y"},"notification_reason":"first",
             "alerts":[{"labels":{"a":"1"},"y":[[{"labels":{"b":"2"}}]],"z":null,"w":1.5}]})",
         1, true, R"({a="1"})"},
        {"of two `alerts` the last wins",
         R"({"alerts":[{},{"labels":{"a":"2"}}],"alerts":[{"labels":{"a":"3"}}]})", 1, true,
         R"({a="3"})"},
        {"of two `labels` the last wins",
         R"({"alerts":[{"labels":{"a":"1","b":"2"},"labels":{"a":"3"}}]})", 1, true, R"({a="3"})"},
        {"of two equal label names the last wins", R"({"alerts":[{"labels":{"a":"1","a":"2"}}]})",
         1, true, R"({a="2"})"},
        {"of two statuses the last wins", R"({"alerts":[{"status":"firing","status":"resolved"}]})",
         1, false, "{}"},
        {"an empty label value is no label", R"({"alerts":[{"labels":{"a":"","b":"2"}}]})", 1, true,
         R"({b="2"})"},
        {"label values that are no texts are taken as written",
         R"({"alerts":[{"labels":{"a":1,"b":true,"c":null,"d":1.50,"e":{"f":"g"},"h":["i"]}}]})", 1,
         true, R"({a="1", b="true", d="1.50"})"},
        {"names that Prometheus 3 allows", R"({"alerts":[{"labels":{"service.name":"x"}}]})", 1,
         true, ""},
        {"bytes that are not UTF-8", "{\"alerts\":[{\"labels\":{\"a\":\"\xff\"}}]}", 1, true,
         "{a=\"\uFFFD\"}"},
        {"elements that are no alerts",
         R"({"alerts":[null,1,"x",[{"labels":{"no":"no"}}],{"labels":{"a":"1"}}]})", 1, true,
         R"({a="1"})"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const auto read = read_webhook(row.body);
        REQUIRE(read.has_value());
        REQUIRE(read->alerts.size() == row.alerts);
        if (row.alerts == 0) continue;
        CHECK(read->alerts[0].firing == row.first_is_firing);
        if (!row.first_labels.empty())
            CHECK(read->alerts[0].labels.to_string() == row.first_labels);
    }
}

TEST_CASE("a time that nobody can read is complained of, and the alert still counts") {
    const auto read =
        read_webhook(R"({"alerts":[{"status":"firing","startsAt":"yesterday"},{"startsAt":""}]})");
    REQUIRE(read.has_value());
    CHECK(read->alerts.size() == 2);
    CHECK_FALSE(read->alerts[0].starts_at.has_value());
    REQUIRE(read->complaints.size() == 2);
    CHECK(read->complaints[0] == "alert 1: its time yesterday is not RFC 3339");
}

TEST_CASE("labels beyond the bounds are cut and counted, at the bound and one past it") {
    std::string labels = R"("alertname":"A")";
    for (std::size_t i = 1; i < limits::labels_per_alert_max; ++i) {
        labels += ",\"l" + std::to_string(i) + "\":\"v\"";
    }
    const auto body = [](const std::string& inner) {
        return R"({"alerts":[{"labels":{)" + inner + "}}]}";
    };
    const auto at_bound = read_webhook(body(labels));
    CHECK(at_bound->alerts[0].labels.size() == limits::labels_per_alert_max);
    CHECK(at_bound->cut == Cut{});
    const auto past = read_webhook(body(labels + R"(,"one_more":"v")"));
    CHECK(past->alerts[0].labels.size() == limits::labels_per_alert_max);
    CHECK(past->alerts[0].labels.get("alertname") == "A");
    CHECK(past->cut == Cut{.labels_dropped = 1, .values_cut = 0});

    const std::string longest(limits::label_value_bytes_max, 'x');
    const auto whole = read_webhook(body("\"a\":\"" + longest + "\""));
    CHECK(whole->alerts[0].labels.get("a") == longest);
    CHECK(whole->cut == Cut{});
    const auto cut = read_webhook(body("\"a\":\"" + longest + "x\""));
    CHECK(cut->alerts[0].labels.get("a").size() <= limits::label_value_bytes_max);
    CHECK(cut->alerts[0].labels.get("a").ends_with("…"));
    CHECK(cut->cut == Cut{.labels_dropped = 0, .values_cut = 1});

    const std::string annotation(limits::annotation_value_bytes_max + 1, 'y');
    const auto annotated = read_webhook(R"({"alerts":[{"annotations":{"a":")" + annotation +
                                        R"("},"generatorURL":")" + annotation + R"("}]})");
    CHECK(annotated->alerts[0].annotations.get("a").size() <= limits::annotation_value_bytes_max);
    CHECK(annotated->alerts[0].annotations.get("__generator_url__").size() <=
          limits::annotation_value_bytes_max);
}

TEST_CASE("complaints are bounded, and say how many more there were") {
    std::string body = "[";
    for (int i = 0; i < 30; ++i) body += "{},";
    body += R"({"labels":{"a":"1"}}])";
    const auto read = read_v2_alerts(body, now);
    REQUIRE(read.has_value());
    CHECK(read->alerts.size() == 1);
    CHECK(read->complaints.size() == limits::complaints_max + 1);
    CHECK(read->complaints.back() == "and 20 more");
}

TEST_CASE("a posted batch keeps its valid alerts and complains of the others") {
    struct Row {
        std::string why, alert, complaint;  // no complaint: it is valid
    };
    const std::vector<Row> rows = {
        {"no labels", R"({"startsAt":"2026-11-21T16:00:00Z"})", "it has no labels"},
        {"only empty labels", R"({"labels":{"a":""}})", "it has no labels"},
        {"a bad label name", R"({"labels":{"a-b":"1"}})",
         "label name a-b is not letters, digits and _"},
        {"an empty label name", R"({"labels":{"":"1"}})",
         "label name \"\" is not letters, digits and _"},
        {"a label name that starts with a digit", R"({"labels":{"1a":"1"}})",
         "label name 1a is not letters, digits and _"},
        {"an end before the start",
         R"({"labels":{"a":"1"},"startsAt":"2026-11-21T17:00:00Z",
             "endsAt":"2026-11-21T16:59:59Z"})",
         "it ends before it starts"},
        {"an unreadable time", R"({"labels":{"a":"1"},"endsAt":"soon"})",
         "its time soon is not RFC 3339"},
        {"something that is no alert", "[]", "it is not an object"},
        {"an empty value beside a good one", R"({"labels":{"a":"1","b":""}})", ""},
        {"an unknown field", R"({"labels":{"a":"1"},"b":{"c":[]}})", ""},
        {"an end at the start",
         R"({"labels":{"a":"1"},"startsAt":"2026-11-21T16:00:00Z",
             "endsAt":"2026-11-21T16:00:00Z"})",
         ""},
        {"a strange generatorURL", R"({"labels":{"a":"1"},"generatorURL":"::no url"})", ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const auto read = read_v2_alerts("[" + row.alert + R"(,{"labels":{"good":"yes"}}])", now);
        REQUIRE(read.has_value());
        const bool valid = row.complaint.empty();
        CHECK(read->alerts.size() == (valid ? 2 : 1));
        CHECK(read->alerts.back().labels.get("good") == "yes");
        REQUIRE(read->complaints.size() == (valid ? 0 : 1));
        if (!valid) CHECK(read->complaints[0] == "alert 1: " + row.complaint);
    }
}

TEST_CASE("a posted alert's times say whether it fires, is leased, or is over") {
    struct Row {
        std::string why, times;
        bool firing;
        std::string starts_at, ends_at;  // empty: absent
    };
    const std::string past = "2026-11-21T16:00:00Z";
    const std::string future = "2026-11-21T17:04:00Z";
    const std::vector<Row> rows = {
        {"no times: leased for the default", "", true, "", ""},
        {"Go's zero times are no times",
         R"(,"startsAt":"0001-01-01T00:00:00Z","endsAt":"0001-01-01T00:00:00Z")", true, "", ""},
        {"an end in the future is the lease's", R"(,"endsAt":")" + future + "\"", true, "", future},
        {"an end in the past is an end, and the start if there is none",
         R"(,"endsAt":")" + past + "\"", false, past, past},
        {"an end right now is an end", R"(,"endsAt":"2026-11-21T17:00:00Z")", false,
         "2026-11-21T17:00:00Z", "2026-11-21T17:00:00Z"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const auto read = read_v2_alerts(R"([{"labels":{"a":"1"})" + row.times + "}]", now);
        REQUIRE(read.has_value());
        REQUIRE(read->alerts.size() == 1);
        const core::AlertSeen& alert = read->alerts[0];
        const auto text = [](const std::optional<Instant>& at) {
            return at ? format_rfc3339(*at) : std::string();
        };
        const auto expected = [&](const std::string& at) {
            return at.empty() ? at : format_rfc3339(parse_rfc3339(at).value());
        };
        CHECK(alert.firing == row.firing);
        CHECK(alert.leased == row.firing);
        CHECK(text(alert.starts_at) == expected(row.starts_at));
        CHECK(text(alert.ends_at) == expected(row.ends_at));
    }
}

TEST_CASE("a posted body that is no list is refused, an empty list is not") {
    CHECK(read_v2_alerts("[]", now)->alerts.empty());
    for (const std::string body : {"", "{}", R"({"alerts":[]})", "x", "[", "1", "\"x\"", "null"}) {
        CAPTURE(body);
        CHECK_FALSE(read_v2_alerts(body, now).has_value());
    }
}

TEST_CASE("an Alertmanager's list is refused rather than read in part") {
    CHECK(read_alert_list(answered(200, "[]"))->empty());
    const std::vector<std::pair<std::string, Answer>> rows = {
        {"an error", answered(500, "down")},
        {"a page of HTML", answered(200, "<html>login</html>")},
        {"an element that is no alert", answered(200, R"([{"labels":{"a":"1"}},null])")},
        {"no whole answer", {.kind = Answer::Kind::broken, .error = "timed out"}},
        {"an answer that is cut off", answered(200, R"([{"labels":{"a":"1"}})")},
    };
    for (const auto& [why, answer] : rows) {
        CAPTURE(why);
        CHECK_FALSE(read_alert_list(answer).has_value());
    }
}

TEST_CASE("the list is asked for whole, with or without the version in the address") {
    for (const std::string url : {"http://am:9093", "http://am:9093/", "http://am:9093/api/v2"}) {
        const HttpRequest request = alert_list_request(url, seconds(7), {{"X-A", "b"}});
        CHECK(request.method == "GET");
        CHECK(request.url ==
              "http://am:9093/api/v2/alerts?active=true&silenced=true&inhibited=true"
              "&unprocessed=true");
        CHECK(request.timeout == seconds(7));
        CHECK(request.headers.at(0) == Header{"X-A", "b"});
        CHECK(request.body.empty());
    }
}

TEST_CASE("a listed alert that is silenced is still there, with its state") {
    const auto list = read_alert_list(
        answered(200, R"([{"status":{"inhibitedBy":[],"silencedBy":["s"],"state":"suppressed"},
                  "labels":{"alertname":"A"},"receivers":[{"name":"x"},{"name":"y","z":[1]}]},
                 {"labels":{"alertname":"A"}}])"));
    REQUIRE(list.has_value());
    CHECK(list->at(0).state == "suppressed");
    CHECK(list->at(0).receivers == std::vector<std::string>{"x", "y"});
    CHECK(list->at(1).receivers.empty());
    CHECK(fingerprints_of(*list) == std::vector<std::uint64_t>{list->at(0).fingerprint});
}
