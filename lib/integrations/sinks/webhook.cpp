// One JSON request per person, signed as Standard Webhooks says, so that any library verifies it.
#include "integrations/sinks/webhook.hpp"

#include <utility>

#include "base/text.hpp"
#include "integrations/api_view.hpp"
#include "integrations/json.hpp"
#include "integrations/sign.hpp"
#include "integrations/sinks/kind.hpp"

namespace tocsin::integrations {

namespace {

std::string_view event_of(core::Action action) {
    switch (action) {
        case core::Action::page:
            return "page";
        case core::Action::test:
            return "test";
        case core::Action::acknowledge_page:
        case core::Action::resolve_page:
        case core::Action::update:
        case core::Action::notify:
        case core::Action::publish:
        case core::Action::banner:
            return "update";
    }
    return "update";
}

class Webhook final : public Sink {
public:
    Webhook(WebhookSettings settings, SinkContext context)
        : settings_(std::move(settings)), context_(std::move(context)) {}

    /// The same effect has the same `webhook-id` however often it is sent: receivers drop repeats.
    [[nodiscard]] Result<std::optional<Request>> request(const core::Effect& effect,
                                                         Instant now) const override {
        const std::string id = one_line(effect.key);
        HttpRequest request{.method = "POST",
                            .url = settings_.url.value,
                            .headers = {{"Content-Type", "application/json"}, {"webhook-id", id}},
                            .body = body(effect),
                            .timeout = settings_.timeout};
        const auto timestamp = std::chrono::floor<seconds>(now).time_since_epoch().count();
        request.headers.emplace_back("webhook-timestamp", std::to_string(timestamp));
        if (!settings_.signing_secret.empty()) {
            request.headers.emplace_back(
                "webhook-signature",
                sign_standard_webhook(settings_.signing_secret, id, now, request.body));
        }
        return std::optional<Request>(std::move(request));
    }

    [[nodiscard]] Judgement judge(const core::Effect& /*effect*/,
                                  const Answer& answer) const override {
        return judge_concealing(answer, settings_.signing_secret);
    }

private:
    [[nodiscard]] std::string body(const core::Effect& effect) const {
        const core::Incident& incident = effect.incident;
        const ViewContext view_context{.public_url = context_.public_url,
                                       .call_url = context_.call_url};
        std::string link = effect.link;
        if (link.empty()) link = incident_link(context_.public_url, incident.number);
        return Json::object(
                   {
                       {"event", event_of(effect.action)},
                       {"person", effect.person.empty() ? Json() : Json(effect.person)},
                       {"incident", incident.number == 0 ? Json() : view(incident, view_context)},
                       {"link", link.empty() ? Json() : Json(link)},
                       {"text", effect.text},
                       {"key", effect.key},
                   })
            .dump();
    }

    WebhookSettings settings_;
    SinkContext context_;
};

}  // namespace

schema::Table<WebhookSettings> table_of(const WebhookSettings* /*type*/) {
    using S = WebhookSettings;
    return {.name = "webhook integration",
            .fields = {
                schema::field("url", &S::url, "Where to POST, one request per person.",
                              schema::Need::required),
                schema::field("signing_secret", &S::signing_secret,
                              "Signs each request (Standard Webhooks); `whsec_…` is base64."),
                schema::field("timeout", &S::timeout, "How long a whole request may take."),
            }};
}

std::shared_ptr<const Sink> make_webhook(WebhookSettings settings, SinkContext context) {
    return std::make_shared<Webhook>(std::move(settings), std::move(context));
}

IntegrationKind webhook_kind() {
    return with_settings<WebhookSettings>(
        {.name = "webhook",
         .help = "POSTs signed JSON to any address, one request per person.",
         .reach = core::Reach::person,
         .can_page = true,
         .width = 4},
        [](WebhookSettings settings, const schema::Reader& reader,
           const SinkContext& context) -> std::optional<std::shared_ptr<const Sink>> {
            if (!check_url(settings.url, reader)) return std::nullopt;
            return make_webhook(std::move(settings), context);
        });
}

}  // namespace tocsin::integrations
