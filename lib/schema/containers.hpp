#pragma once
// Value<T> of lists, maps, optional and located values, built from the value within.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "schema/value.hpp"

namespace tocsin::schema {

template <class T>
struct Value<std::vector<T>> {
    static Shape shape() { return {.kind = Shape::Kind::list, .inner = {Value<T>::shape()}}; }
    static std::string json(const std::vector<T>& list) {
        std::vector<std::string> parts;
        for (const T& item : list) parts.push_back(Value<T>::json(item));
        return parts.empty() ? "" : "[" + join(parts, ", ") + "]";
    }
    static bool read(std::vector<T>& out, const Node& node, const Reader& reader) {
        if (node.kind != Kind::list) return wrong_type(node, shape(), reader);
        bool sound = true;
        std::vector<T> list;
        for (const Node& item : node.items) {
            T value{};
            sound = Value<T>::read(value, item, reader) && sound;
            list.push_back(std::move(value));
        }
        out = std::move(list);
        return sound;
    }
};

/// A map from free names, in file order.
template <class T>
struct Value<std::vector<std::pair<std::string, T>>> {
    static Shape shape() { return {.kind = Shape::Kind::map, .inner = {Value<T>::shape()}}; }
    static std::string json(const std::vector<std::pair<std::string, T>>&) { return {}; }
    static bool read(std::vector<std::pair<std::string, T>>& out, const Node& node,
                     const Reader& reader) {
        if (node.kind != Kind::map) return wrong_type(node, shape(), reader);
        bool sound = true;
        for (const Entry& entry : node.entries) {
            T value{};
            sound = Value<T>::read(value, entry.value, reader) && sound;
            out.emplace_back(entry.key, std::move(value));
        }
        return sound;
    }
};

template <class T>
struct Value<std::optional<T>> {
    static Shape shape() { return Value<T>::shape(); }
    static std::string json(const std::optional<T>& value) {
        return value ? Value<T>::json(*value) : std::string();
    }
    static bool read(std::optional<T>& out, const Node& node, const Reader& reader) {
        return Value<T>::read(out.emplace(), node, reader);
    }
};

template <class T>
struct Value<Located<T>> {
    static Shape shape() { return Value<T>::shape(); }
    static std::string json(const Located<T>& value) { return Value<T>::json(value.value); }
    static bool read(Located<T>& out, const Node& node, const Reader& reader) {
        out.at = node.at;
        out.style = node.style;
        out.given = true;
        return Value<T>::read(out.value, node, reader);
    }
};

}  // namespace tocsin::schema
