// Lays cells out in columns, and takes texts out of JSON so that they are safe to print.
#include "daemon/text_table.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tocsin::daemon {

using integrations::Json;

std::string table(const std::vector<Cells>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line += std::string(widths[i] - row[i].size() + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string text_at(const Json& object, std::string_view name) {
    return one_line(object.text_at(name).value_or(""));
}

const std::vector<Json>& items_at(const Json& object, std::string_view name) {
    static const std::vector<Json> none;
    const Json* list = object.find(name);
    return list == nullptr ? none : list->items();
}

std::string short_time(const std::string& time) {
    if (time.size() < 19) return time;
    std::string text = time.substr(0, 19);
    text[10] = ' ';
    return text;
}

}  // namespace tocsin::daemon
