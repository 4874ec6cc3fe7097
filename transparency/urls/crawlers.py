"""Addresses that search engines ask for, at the root of the site, where they look."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from transparency.views import crawlers


class MapNumberConverter(IntConverter):
    """From 1; never so long that a database would refuse it."""

    regex = "[1-9][0-9]{0,8}"


register_converter(MapNumberConverter, "map_number")

app_name = "transparency"
urlpatterns = [
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap_index, name="sitemap_index"),
    path("sitemap-pages.xml", crawlers.sitemap_texts, name="sitemap_texts"),
    path("sitemap-systemes-<map_number:number>.xml", crawlers.sitemap_systems, name="sitemap_systems"),
]
