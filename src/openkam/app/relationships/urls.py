"""Addresses of the relationships room."""

from django.urls import path

from openkam.app.relationships.views import claims, contacts, correspondence, people, people_map, promises, timeline

app_name = "relationships"
urlpatterns = [
    path("accounts/<int:pk>/people/", people.people, name="people"),
    path("accounts/<int:pk>/people/add/", people.add, name="add_contact"),
    path("accounts/<int:pk>/claims/", claims.claims, name="claims"),
    path("accounts/<int:pk>/claims/add/", claims.add, name="make_claim"),
    path("accounts/<int:pk>/map/", people_map.show, name="people_map"),
    path("accounts/<int:pk>/map/export.<str:kind>", people_map.export, name="export_map"),
    path("accounts/<int:pk>/map/reports/", people_map.report, name="draw_reporting"),
    path("accounts/<int:pk>/map/sways/", people_map.influence, name="draw_influence"),
    path("accounts/<int:pk>/map/place/", people_map.place, name="place_card"),
    path("accounts/<int:pk>/map/arrange/", people_map.arrange, name="arrange_map"),
    path("accounts/<int:pk>/map/save/", people_map.save, name="save_map"),
    path("accounts/<int:pk>/map/<int:saved>/remove/", people_map.remove, name="remove_map"),
    path("reporting/<int:line>/end/", people_map.end_reporting, name="end_reporting"),
    path("influence/<int:line>/end/", people_map.end_influence, name="end_influence"),
    path("claims/<int:claim>/withdraw/", claims.withdraw, name="withdraw_claim"),
    path("contacts/<int:contact>/", contacts.show, name="contact"),
    path("contacts/<int:contact>/edit/", contacts.edit, name="edit_contact"),
    path("contacts/<int:contact>/archive/", contacts.archive, name="archive_contact"),
    path("contacts/<int:contact>/restore/", contacts.restore, name="restore_contact"),
    path("contacts/<int:contact>/posts/begin/", contacts.begin_post, name="begin_post"),
    path("contacts/<int:contact>/roles/assign/", contacts.assign_role, name="assign_role"),
    path("posts/<int:employment_pk>/edit/", contacts.edit_post, name="edit_post"),
    path("posts/<int:employment_pk>/end/", contacts.end_post, name="end_post"),
    path("roles/<int:role>/end/", contacts.end_role, name="end_role"),
    path("log/", timeline.quick, name="quick_entry"),
    path("accounts/<int:pk>/timeline/", timeline.timeline, name="timeline"),
    path("accounts/<int:pk>/timeline/log/", timeline.log, name="log_interaction"),
    path("interactions/<int:interaction>/", timeline.show, name="interaction"),
    path("interactions/<int:interaction>/amend/", timeline.amend, name="amend_interaction"),
    path("interactions/<int:interaction>/remove/", timeline.remove, name="remove_interaction"),
    path("correspondence/", correspondence.correspondence, name="correspondence"),
    path("correspondence/<int:brought_by>/", correspondence.show, name="correspondence_import"),
    path("correspondence/<int:brought_by>/undo/", correspondence.undo, name="undo_correspondence"),
    path("correspondence/<int:brought_by>/refused.csv", correspondence.download_refused, name="refused_correspondence"),
    path("proposals/<int:proposed>/accept/", correspondence.accept, name="accept_proposal"),
    path("proposals/<int:proposed>/ignore/", correspondence.ignore, name="ignore_proposal"),
    path("accounts/<int:pk>/promises/", promises.promises, name="promises"),
    path("accounts/<int:pk>/promises/make/", promises.make, name="make_promise"),
    path("promises/<int:commitment>/close/", promises.close, name="close_promise"),
    path("promises/<int:commitment>/reopen/", promises.reopen, name="reopen_promise"),
]
