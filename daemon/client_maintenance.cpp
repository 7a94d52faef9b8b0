// Lists maintenance windows of a running daemon, plans one, or ends it early.
#include <cstdio>

#include "base/text.hpp"
#include "daemon/client.hpp"
#include "daemon/client_http.hpp"
#include "daemon/client_text.hpp"

namespace tocsin::daemon {
namespace {

using integrations::Json;

constexpr const char* path = "/api/v1/maintenance";

int wrong_usage(const std::string& message) {
    print(stderr, "tocsin: " + one_line(message) + "\n");
    return 2;
}

int give(const Arguments& arguments, const std::string& to, Json body) {
    body.set("by", arguments.by);
    return show_answer(arguments, ask(arguments, "POST", to, body.dump()), window_text);
}

int plan(const Arguments& arguments) {
    Json body = Json::object({{"name", arguments.window}});
    if (!arguments.from.empty()) body.set("from", arguments.from);
    if (!arguments.to.empty()) body.set("to", arguments.to);
    if (!arguments.lasts.empty()) body.set("for", arguments.lasts);
    if (!arguments.announcement.empty()) body.set("announcement", arguments.announcement);
    Json match = Json::object();
    for (const auto& label : arguments.labels) {
        const auto equals = label.find('=');
        if (equals == std::string::npos || equals == 0) {
            return wrong_usage("--match is name=value, not " + label);
        }
        match.set(label.substr(0, equals), label.substr(equals + 1));
    }
    body.set("match", std::move(match));
    Json rules = Json::list();
    for (const auto& rule : arguments.rules) rules.push(rule);
    body.set("rules", std::move(rules));
    return give(arguments, path, std::move(body));
}

}  // namespace

int client_maintenance(const Arguments& arguments) {
    if (arguments.window.empty()) {
        const std::string list =
            path + query({{"state", arguments.state}, {"limit", arguments.limit}});
        return show_answer(arguments, ask(arguments, "GET", list), windows_text);
    }
    if (arguments.by.empty()) return wrong_usage("--by is needed: who says so");
    if (arguments.end) {
        return give(arguments, std::string(path) + "/" + percent_encoded(arguments.window) + "/end",
                    Json::object());
    }
    if (arguments.to.empty() && arguments.lasts.empty()) {
        return wrong_usage("--to or --for is needed to plan a window, --end to end one");
    }
    return plan(arguments);
}

}  // namespace tocsin::daemon
