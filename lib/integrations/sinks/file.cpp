// Deliveries as JSON lines: what would have been sent, for people without an account anywhere.
#include "integrations/sinks/file.hpp"

#include <utility>

#include "integrations/api_view.hpp"
#include "integrations/json.hpp"
#include "integrations/sinks/kind.hpp"

namespace tocsin::integrations {

namespace {

class File final : public Sink {
public:
    File(std::string path, SinkContext context)
        : path_(std::move(path)), context_(std::move(context)) {}

    [[nodiscard]] Result<std::optional<Request>> request(const core::Effect& effect,
                                                         Instant now) const override {
        const ViewContext view_context{.public_url = context_.public_url,
                                       .call_url = context_.call_url};
        const Json line = Json::object({
            {"at", now},
            {"integration", effect.integration},
            {"event", core::name(effect.action)},
            {"key", effect.key},
            {"person", effect.person.empty() ? Json() : Json(effect.person)},
            {"text", effect.text},
            {"link", effect.link.empty() ? Json() : Json(effect.link)},
            {"incident",
             effect.incident.number == 0 ? Json() : view(effect.incident, view_context)},
        });
        return std::optional<Request>(FileAppend{.path = path_, .line = line.dump()});
    }

    /// A line that was being written when we died is either whole or not there.
    [[nodiscard]] std::optional<Request> look_up(const core::Effect& effect) const override {
        std::string text = "\"key\":";
        append_json_text(text, effect.key);
        return FileFind{.path = path_, .text = std::move(text)};
    }

    [[nodiscard]] Found found(const core::Effect& /*effect*/, const Answer& answer) const override {
        if (answer.kind != Answer::Kind::answered) return Found::unknown;
        if (answer.status == 200) return Found::yes;
        return answer.status == 404 ? Found::no : Found::unknown;
    }

private:
    std::string path_;
    SinkContext context_;
};

}  // namespace

schema::Table<FileSettings> table_of(const FileSettings* /*type*/) {
    return {.name = "file integration",
            .fields = {
                schema::field("path", &FileSettings::path,
                              "The file to which one JSON line per delivery is appended.",
                              schema::Need::required),
            }};
}

std::shared_ptr<const Sink> make_file(FileSettings settings, SinkContext context) {
    return std::make_shared<File>(std::move(settings.path.value), std::move(context));
}

IntegrationKind file_kind() {
    return with_settings<FileSettings>(
        {.name = "file",
         .help = "Appends deliveries to a file; needs no account, and reaches nobody.",
         .reach = core::Reach::nobody,
         .can_page = true},
        [](FileSettings settings, const schema::Reader& reader,
           const SinkContext& context) -> std::optional<std::shared_ptr<const Sink>> {
            if (settings.path.value.empty()) {
                reader.error(settings.path.at, "`path` is empty");
                return std::nullopt;
            }
            return make_file(std::move(settings), context);
        });
}

}  // namespace tocsin::integrations
