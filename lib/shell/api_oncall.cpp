// Who was, is or will be on call, at an instant or over a span.
#include "core/limits.hpp"
#include "integrations/oncall_view.hpp"
#include "shell/api_routes.hpp"

namespace tocsin::shell {
namespace {

Result<std::optional<Instant>> time_of(const HttpIn& request, const char* name) {
    const auto text = request.parameter(name);
    if (!text) return std::optional<Instant>();
    const auto instant = parse_rfc3339(*text);
    if (!instant) {
        return Error{"bad_parameter",
                     std::string("`") + name + "` must be a time as 2026-03-01T02:00:00Z", name};
    }
    return std::optional<Instant>(*instant);
}

/// `from` alone is a week; `at` is now, unless it is said.
Result<integrations::OncallQuestion> question_of(const HttpIn& request, Instant now) {
    const auto at = time_of(request, "at");
    if (!at) return at.error();
    const auto from = time_of(request, "from");
    if (!from) return from.error();
    const auto to = time_of(request, "to");
    if (!to) return to.error();
    integrations::OncallQuestion question{.at = at->value_or(now), .range = {}};
    if (!*from && !*to) return question;
    if (!*from) return Error{"bad_parameter", "`to` needs a `from`", "from"};
    const Instant until = to->value_or(**from + core::limits::shifts_listed_default);
    if (until <= **from) return Error{"bad_parameter", "`to` must be after `from`", "to"};
    question.range = core::Interval{.from = **from, .until = until};
    return question;
}

}  // namespace

void show_oncall(Api& api, Api::Call call) {
    const auto question = question_of(call.request, call.received);
    if (!question) return call.reply(HttpReply::error(400, question.error()));
    api.read(call.reply, [question = *question, settings = call.settings](ReadStore&) {
        if (!settings->ruleset) {
            return HttpReply::error(503, Error{"not_ready", "no rules are loaded yet"});
        }
        auto body = integrations::oncall_json(settings->ruleset->roster, question);
        if (!body) return HttpReply::error(400, body.error());
        return HttpReply{.status = 200,
                         .content_type = "application/json",
                         .body = *std::move(body),
                         .headers = {}};
    });
}

}  // namespace tocsin::shell
