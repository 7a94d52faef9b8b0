// The documents that follow an incident: its analysis as Markdown and HTML, and the invitation.
#include <utility>

#include "core/limits.hpp"
#include "integrations/analysis_view.hpp"
#include "integrations/calendar_view.hpp"
#include "shell/api_routes.hpp"

namespace tocsin::shell {
namespace {

constexpr DossierBounds whole{.rows_max = core::limits::analysis_rows_max,
                              .bytes_max = core::limits::dossier_bytes_max};

using Write = std::function<HttpReply(const IncidentDossier&, const ApiSettings&)>;

/// Reads the whole dossier, and answers with what is made of it.
void reply_with_document(Api& api, const Api::Call& call, Write write) {
    const auto number = core::incident_number(call.id);
    if (!number) {
        return call.reply(
            HttpReply::error(404, Error{"not_found", "incidents are called INC-<number>"}));
    }
    api.read(call.reply, [number = *number, settings = call.settings,
                          write = std::move(write)](ReadStore& store) {
        const auto found = store.incident(number, whole);
        if (!found) return HttpReply::error(503, found.error());
        if (!*found) {
            return HttpReply::error(
                404, Error{"not_found", core::incident_id(number) + " does not exist"});
        }
        return write(**found, *settings);
    });
}

integrations::Measure measure_of(const IncidentDossier& dossier, const ApiSettings& settings) {
    if (!settings.ruleset) return {};
    return integrations::measure_of(*settings.ruleset, dossier.incident);
}

/// To be saved under its own name, never to be taken for anything else.
HttpReply file(const char* type, std::string body, const std::string& name) {
    HttpReply reply{.status = 200, .content_type = type, .body = std::move(body), .headers = {}};
    reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
    reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
    reply.headers.emplace_back("Cache-Control", "no-store");
    return reply;
}

}  // namespace

void show_analysis_markdown(Api& api, Api::Call call) {
    reply_with_document(api, call, [](const auto& dossier, const auto& settings) {
        return file("text/markdown; charset=utf-8",
                    integrations::analysis_markdown(dossier, measure_of(dossier, settings)),
                    integrations::analysis_file_name(dossier.incident, ".md"));
    });
}

void show_analysis_html(Api& api, Api::Call call) {
    reply_with_document(api, call, [](const auto& dossier, const auto& settings) {
        HttpReply reply{.status = 200,
                        .content_type = "text/html; charset=utf-8",
                        .body = integrations::analysis_html(dossier, measure_of(dossier, settings)),
                        .headers = {}};
        reply.headers.emplace_back("Content-Security-Policy",
                                   "default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
        reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
        reply.headers.emplace_back("Referrer-Policy", "no-referrer");
        reply.headers.emplace_back("Cache-Control", "no-store");
        return reply;
    });
}

void show_invitation(Api& api, Api::Call call) {
    reply_with_document(api, call, [](const auto& dossier, const ApiSettings& settings) {
        if (!settings.ruleset) {
            return HttpReply::error(503, Error{"not_ready", "no rules are loaded yet"});
        }
        const core::Ruleset& ruleset = *settings.ruleset;
        const auto meeting =
            integrations::meeting_of(dossier, ruleset.roster, ruleset.policy.instance,
                                     settings.install_id, ruleset.policy.public_url);
        if (!meeting) return HttpReply::error(404, meeting.error());
        return file("text/calendar; charset=utf-8", integrations::calendar(*meeting),
                    integrations::analysis_file_name(dossier.incident, ".ics"));
    });
}

}  // namespace tocsin::shell
