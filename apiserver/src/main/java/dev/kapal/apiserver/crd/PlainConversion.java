package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Conversion;
import dev.kapal.model.GroupVersion;
import java.util.List;

/// Versions that differ in nothing but their name: only `apiVersion` changes. Source: conversion strategy `None`.
final class PlainConversion implements Conversion {
    @Override
    public List<ObjectNode> convert(List<ObjectNode> documents, GroupVersion to) {
        documents.forEach(document -> document.put("apiVersion", to.apiVersion()));
        return documents;
    }

    @Override
    public boolean rulesSeeStoredForm() {
        return false;
    }
}
