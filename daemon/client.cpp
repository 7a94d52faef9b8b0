// Asks a running daemon, and prints what it answers.
#include "daemon/client.hpp"

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "daemon/client_text.hpp"
#include "integrations/json.hpp"
#include "integrations/request.hpp"
#include "shell/net_threads.hpp"
#include "shell/runtime_threads.hpp"

namespace tocsin::daemon {
namespace {

using integrations::Answer;
using integrations::HttpRequest;
using integrations::Json;

void print(std::FILE* to, const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), to);
}

int fail(const std::string& message) {
    print(stderr, "tocsin: " + one_line(message) + "\n");
    return 1;
}

Answer ask(const Arguments& arguments, const char* method, const std::string& path,
           std::string body = "") {
    HttpRequest request;
    request.method = method;
    request.url = arguments.url;
    while (request.url.ends_with('/')) request.url.pop_back();
    request.url += path;
    request.timeout = seconds(30);
    request.response_bytes_max = core::limits::query_response_bytes_max;
    request.body = std::move(body);
    if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    if (const char* token = std::getenv("TOCSIN_TOKEN")) {
        request.headers.emplace_back("Authorization", std::string("Bearer ") + token);
    }
    shell::RuntimeThreads runtime;
    shell::NetThreads net(runtime);
    Answer answer;
    runtime.post([&] {
        net.send("daemon", request, [&](Answer got) {
            answer = std::move(got);
            runtime.stop();
        });
    });
    runtime.run();
    return answer;
}

std::string trouble(const Arguments& arguments, const Answer& answer) {
    if (answer.kind != Answer::Kind::answered) {
        return "no answer from " + arguments.url + " (" + answer.error +
               "); is the daemon running? --url says where";
    }
    const auto body = integrations::parse_json(answer.body);
    const Json* error = body ? body->find("error") : nullptr;
    if (error != nullptr) {
        return error->text_at("message").value_or("refused") + " (" +
               error->text_at("code").value_or("") + ")";
    }
    return "the daemon answered " + std::to_string(answer.status) + " " +
           truncate(answer.body, 200);
}

using Print = std::function<std::string(const Json&)>;

int show_answer(const Arguments& arguments, const Answer& answer, const Print& text) {
    if (answer.kind != Answer::Kind::answered || answer.status / 100 != 2) {
        return fail(trouble(arguments, answer));
    }
    if (arguments.json) {
        print(stdout, answer.body + (answer.body.ends_with('\n') ? "" : "\n"));
        return 0;
    }
    const auto body = integrations::parse_json(
        answer.body, {.bytes_max = core::limits::query_response_bytes_max});
    if (!body) return fail("the daemon's answer cannot be read: " + body.error().message);
    print(stdout, text(*body));
    return 0;
}

std::string percent_encoded(const std::string& text) {
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view("-._~").find(c) != std::string_view::npos;
        if (plain) {
            encoded += c;
        } else {
            constexpr std::string_view digits = "0123456789ABCDEF";
            encoded += '%';
            encoded += digits[byte >> 4U];
            encoded += digits[byte & 15U];
        }
    }
    return encoded;
}

/// `?a=b&c=d` of those that are set.
std::string query(std::initializer_list<std::pair<const char*, std::string>> parameters) {
    std::string text;
    for (const auto& [name, value] : parameters) {
        if (value.empty()) continue;
        text += (text.empty() ? "?" : "&") + std::string(name) + "=" + percent_encoded(value);
    }
    return text;
}

int command(const Arguments& arguments, const std::string& path, Json body) {
    body.set("by", arguments.by);
    return show_answer(arguments, ask(arguments, "POST", path, body.dump()), outcome_text);
}

int incident_command(const Arguments& arguments, const char* name, Json body) {
    return command(arguments,
                   "/api/v1/incidents/" + percent_encoded(arguments.incident) + "/" + name,
                   std::move(body));
}

}  // namespace

int client_incidents(const Arguments& arguments) {
    const auto path =
        "/api/v1/incidents" + query({{"state", arguments.state}, {"limit", arguments.limit}});
    return show_answer(arguments, ask(arguments, "GET", path), incidents_text);
}

int client_show(const Arguments& arguments) {
    const auto path = "/api/v1/incidents/" + percent_encoded(arguments.incident);
    return show_answer(arguments, ask(arguments, "GET", path), incident_text);
}

int client_verdicts(const Arguments& arguments) {
    const auto path = "/api/v1/verdicts" + query({{"rule", arguments.rule},
                                                  {"outcome", arguments.outcome},
                                                  {"since", arguments.since},
                                                  {"incident", arguments.incident},
                                                  {"limit", arguments.limit}});
    return show_answer(arguments, ask(arguments, "GET", path), verdicts_text);
}

int client_status(const Arguments& arguments) {
    const Answer ready = ask(arguments, "GET", "/-/ready");
    if (ready.kind != Answer::Kind::answered) return fail(trouble(arguments, ready));
    Json open = Json::list();
    for (const char* state : {"triage", "active", "monitoring"}) {
        const Answer answer =
            ask(arguments, "GET", std::string("/api/v1/incidents?state=") + state);
        if (answer.status != 200) return fail(trouble(arguments, answer));
        const auto body = integrations::parse_json(
            answer.body, {.bytes_max = core::limits::query_response_bytes_max});
        if (!body) return fail(body.error().message);
        const Json* incidents = body->find("incidents");
        if (incidents == nullptr) continue;
        for (const auto& incident : incidents->items()) open.push(incident);
    }
    const Answer latest = ask(arguments, "GET", "/api/v1/verdicts?limit=20");
    if (latest.status != 200) return fail(trouble(arguments, latest));
    auto verdicts = integrations::parse_json(latest.body,
                                             {.bytes_max = core::limits::query_response_bytes_max});
    if (!verdicts) return fail(verdicts.error().message);

    // On-call schedules come with people; until then the pager finds its own.
    const std::string on_call = "nobody: no oncall configured";
    Json incidents = Json::object({{"incidents", std::move(open)}});
    if (arguments.json) {
        Json all = Json::object(
            {{"ready", ready.status == 200}, {"readiness", ready.body}, {"on_call", on_call}});
        all.set("incidents", *incidents.find("incidents"));
        if (const Json* list = verdicts->find("verdicts")) all.set("verdicts", *list);
        print(stdout, all.dump() + "\n");
        return 0;
    }
    std::string text;
    for (const auto line : split(trim(ready.body), '\n')) text += one_line(line) + "\n";
    text += "On call: " + on_call + "\n\nOpen incidents\n" + incidents_text(incidents);
    text += "\nLatest verdicts\n" + verdicts_text(*verdicts);
    print(stdout, text);
    return 0;
}

int client_declare(const Arguments& arguments) {
    Json body = Json::object({{"title", arguments.text}});
    if (!arguments.severity.empty()) body.set("severity", arguments.severity);
    Json labels = Json::object();
    for (const auto& label : arguments.labels) {
        const auto equals = label.find('=');
        if (equals == std::string::npos || equals == 0) {
            print(stderr, "tocsin: --label is name=value, not " + one_line(label) + "\n");
            return 2;
        }
        labels.set(label.substr(0, equals), label.substr(equals + 1));
    }
    body.set("labels", std::move(labels));
    return command(arguments, "/api/v1/incidents", std::move(body));
}

int client_ack(const Arguments& arguments) {
    return incident_command(arguments, "ack", Json::object());
}

int client_close(const Arguments& arguments) {
    Json body = Json::object({{"cause", arguments.cause}, {"fix", arguments.fix}});
    if (!arguments.force.empty()) body.set("force", arguments.force);
    return incident_command(arguments, "close", std::move(body));
}

int client_decline(const Arguments& arguments) {
    return incident_command(arguments, "decline", Json::object({{"reason", arguments.reason}}));
}

int client_note(const Arguments& arguments) {
    return incident_command(arguments, "note", Json::object({{"text", arguments.text}}));
}

int client_severity(const Arguments& arguments) {
    return incident_command(
        arguments, "severity",
        Json::object({{"severity", arguments.text}, {"reason", arguments.reason}}));
}

int client_lead(const Arguments& arguments) {
    const std::string& person = arguments.text.empty() ? arguments.by : arguments.text;
    return incident_command(arguments, "lead", Json::object({{"person", person}}));
}

}  // namespace tocsin::daemon
